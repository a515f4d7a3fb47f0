package stir.cli.report;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text in lines that fit a width, broken only between words. */
public final class Paragraph {
    /** The number of characters of a line that every terminal shows. */
    static final int COLUMNS = 80;

    /** A blank between words; that between the ends of an interval is none. */
    private static final Pattern BLANK = Pattern.compile(" (?!-?[0-9.]+])");

    private Paragraph() {}

    /** Returns remarks, a line each, in lines of at most {@link #COLUMNS} characters. */
    static String wrapped(String remarks) {
        var text = new StringBuilder();
        remarks.lines().forEach(line -> {
            int head = line.indexOf(": ") + 2;
            text.append(hanging(line.substring(0, head), line.substring(head)));
        });
        return text.toString();
    }

    /** Returns a name in at most that many characters: a longer one without its middle. */
    static String shortened(String name, int characters) {
        if (name.length() <= characters) {
            return name;
        }
        int end = (characters - 2) / 2;
        return name.substring(0, characters - end - 2) + ".." + name.substring(name.length() - end);
    }

    /**
     * Returns names in at most that many characters each, as {@link #shortened(String, int)} does,
     * or, where different ones would become the same, from where they begin to differ.
     */
    static List<String> shortened(List<String> names, int characters) {
        var texts = names.stream().map(name -> shortened(name, characters)).toList();
        if (Set.copyOf(texts).size() == Set.copyOf(names).size()) {
            return texts;
        }
        int same = commonStart(names);
        int room = characters - 2;
        return names.stream()
                .map(name -> name.length() <= characters
                        ? name
                        : ".." + shortened(name.substring(Math.min(same, name.length() - room)), room))
                .toList();
    }

    private static int commonStart(List<String> names) {
        var first = names.get(0);
        int length = 0;
        while (length < first.length()) {
            var start = first.substring(0, length + 1);
            if (!names.stream().allMatch(name -> name.startsWith(start))) {
                break;
            }
            length++;
        }
        return length;
    }

    /** Returns a text after a head, in lines of at most {@link #COLUMNS} characters. */
    static String hanging(String head, String text) {
        return hanging(head, text, COLUMNS);
    }

    /** Returns the first ones of the given words, and the number of the others. */
    public static String listed(Collection<String> words, String separator, int most) {
        return words.stream().limit(most).collect(Collectors.joining(separator))
                + (words.size() > most ? " and %d more".formatted(words.size() - most) : "");
    }

    /**
     * Returns a text after a head, with a line end; its further lines are indented as its first.
     *
     * @param head stays as it is
     * @param text words with a blank in between
     * @param columns the number of characters in a line, longer words excepted
     */
    public static String hanging(String head, String text, int columns) {
        var lines = new StringBuilder();
        var line = new StringBuilder(head);
        for (var word : BLANK.split(text, -1)) {
            if (line.length() > head.length()) {
                if (Emphasis.width(line + word) + 1 > columns) {
                    lines.append(line).append('\n');
                    line.setLength(0);
                    line.append(" ".repeat(head.length()));
                } else {
                    line.append(' ');
                }
            }
            line.append(word);
        }
        return lines.append(line).append('\n').toString();
    }
}
