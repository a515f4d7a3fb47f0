package stir.cli.report;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A word as a POSIX shell takes it. */
public final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_@%+=:,./-]+");

    private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\\\\'|[^\\s'\\\\])+");
    private static final Pattern PART = Pattern.compile("'([^']*)'|\\\\'|[^'\\\\]+");

    private ShellWord() {}

    /** Returns the word, between quotes if it needs them. */
    public static String of(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Returns the words of a line in which {@link #of} wrote each word. */
    static List<String> split(String line) {
        return WORD.matcher(line).results().map(word -> unquoted(word.group())).toList();
    }

    private static String unquoted(String word) {
        return PART.matcher(word)
                .results()
                .map(part ->
                        part.group(1) != null ? part.group(1) : part.group().replace("\\", ""))
                .collect(Collectors.joining());
    }
}
