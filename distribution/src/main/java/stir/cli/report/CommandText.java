package stir.cli.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import stir.api.support.NearestNames;

/**
 * A command that a reader can paste into a shell.
 *
 * @param words the words of the command line, from the name of the program
 */
public record CommandText(List<String> words) {
    private static final String OUT = "--out";

    /** Copies the words. */
    public CommandText {
        words = List.copyOf(words);
    }

    static CommandText of(String... words) {
        return new CommandText(List.of(words));
    }

    /** Returns the command that makes a page of a folder of results. */
    static CommandText report(Path folder) {
        return of("stir", "report", folder.toString());
    }

    /** Returns the command with another value of an option, or with the option. */
    CommandText with(String option, String value) {
        var changed = new ArrayList<>(without(option).words);
        changed.add(option);
        changed.add(value);
        return new CommandText(changed);
    }

    /** Returns the command without an option that has a value, in any spelling. */
    CommandText without(String option) {
        var changed = new ArrayList<String>();
        boolean skips = false;
        for (var word : words) {
            var name = word.replaceFirst("=.*", "");
            if (skips) {
                skips = false; // the former value
            } else if (NearestNames.spelt(name, List.of(option)).isPresent()) {
                skips = name.equals(word);
            } else {
                changed.add(word);
            }
        }
        return new CommandText(changed);
    }

    /**
     * Returns the command with a new folder for its results, called like a former one with a number
     * after it.
     *
     * @param former the folder of other results
     */
    CommandText intoNewFolder(Optional<Path> former) {
        var name = former.map(Path::toString).orElse("result");
        var free = former.isEmpty() ? name : name + "-2";
        for (int number = 2; Files.exists(Path.of(free)); number++) {
            free = name + "-" + number;
        }
        return with(OUT, free);
    }

    /** Returns the command in one line, quoted for a shell. */
    public String line() {
        return words.stream().map(ShellWord::of).collect(Collectors.joining(" "));
    }

    /**
     * Returns the command in lines of at most {@link Paragraph#COLUMNS} characters that a shell
     * takes as one, longer words excepted.
     */
    String lines(String indent) {
        var text = new StringBuilder();
        var line = new StringBuilder(indent);
        for (var word : words.stream().map(ShellWord::of).toList()) {
            boolean isFirst = line.toString().isBlank();
            if (!isFirst && line.length() + word.length() + 3 > Paragraph.COLUMNS) {
                text.append(line).append(" \\\n");
                line.setLength(0);
                line.append(indent).append("  ").append(word);
            } else {
                line.append(isFirst ? "" : " ").append(word);
            }
        }
        return text.append(line).append('\n').toString();
    }
}
