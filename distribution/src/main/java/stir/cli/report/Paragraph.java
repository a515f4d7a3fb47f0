package stir.cli.report;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text in lines that fit a width, broken only between words. */
public final class Paragraph {
    /** The number of characters of a line that every terminal shows. */
    static final int COLUMNS = 80;

    /** A blank between words; that between the ends of an interval is none. */
    private static final Pattern BLANK = Pattern.compile(" (?!-?[0-9.]+])");

    private Paragraph() {}

    /** Returns remarks, a line each, in lines of at most {@link #COLUMNS} characters; blank ones are left out. */
    static String wrapped(String remarks) {
        var text = new StringBuilder();
        remarks.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int colon = line.indexOf(": ");
            int head = colon < 0 ? 0 : colon + 2;
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
     * or, where different ones would become the same, from where these begin to differ, and if that
     * does not suffice, with their number.
     */
    static List<String> shortened(List<String> names, int characters) {
        var different = names.stream().distinct().toList();
        var texts = new LinkedHashMap<String, String>();
        different.forEach(name -> texts.put(name, shortened(name, characters)));
        for (var group : equal(texts)) {
            int same = commonStart(group);
            int room = characters - 2;
            for (var name : group) {
                var end = name.substring(Math.max(0, Math.min(same, name.length() - room)));
                texts.put(name, name.length() <= characters ? name : ".." + shortened(end, room));
            }
        }
        for (var group : equal(texts)) {
            for (var name : group) {
                var number = "#" + (different.indexOf(name) + 1);
                texts.put(name, shortened(name, characters - number.length()) + number);
            }
        }
        return names.stream().map(texts::get).toList();
    }

    /** Returns the names that have the same text as others, a group per text. */
    private static List<List<String>> equal(Map<String, String> texts) {
        var groups = texts.keySet().stream()
                .collect(Collectors.groupingBy(texts::get, LinkedHashMap::new, Collectors.toList()));
        return groups.values().stream().filter(group -> group.size() > 1).toList();
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
