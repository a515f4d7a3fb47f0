package stir.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import stir.cli.report.CommandText;

/** A command line that repeats a parsed command, quoted for a shell. */
public final class RepeatedCommand {
    /** Options that change no results, or would discard them. */
    private static final Set<String> LEFT_OUT = Set.of("-q", "--quiet", "-v", "--verbose", "--debug", "--force");

    /** Such options with a value. */
    private static final Set<String> LEFT_OUT_WITH_VALUE = Set.of("--color", "--colour");

    private RepeatedCommand() {}

    /** Returns the line that repeats all work of a parsed command in one process. */
    public static CommandText of(CommandLine command) {
        var words = new ArrayList<>(line(command).words());
        var parent = command.getParent();
        boolean isPart = parent != null && parent.getParent() != null;
        if (isPart && !words.contains(ShardOptions.MIXED)) { // which stir score does not have
            words.remove(parent.getCommandName());
        }
        return new CommandText(words);
    }

    /** Returns the line of a parsed command without the part of the work that it did. */
    static CommandText line(CommandLine command) {
        var words = new ArrayList<>(arguments(command));
        words.add(0, command.getCommandSpec().root().name());
        return new CommandText(words);
    }

    /** Returns the words without the program's name. */
    static List<String> arguments(CommandLine command) {
        List<String> words =
                command.getCommandSpec().root().commandLine().getParseResult().originalArgs();
        var kept = new ArrayList<String>();
        boolean skips = false;
        for (var word : words) {
            var name = word.replaceFirst("=.*", "");
            if (skips) {
                skips = false; // the value of an option that is left out
            } else if (ShardOptions.names().contains(name) || LEFT_OUT_WITH_VALUE.contains(name)) {
                var option = command.getCommandSpec().optionsMap().get(name);
                skips = name.equals(word) && option != null && option.arity().max() > 0;
            } else if (!LEFT_OUT.contains(word)) {
                kept.add(word);
            }
        }
        return kept;
    }
}
