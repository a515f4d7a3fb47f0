package stir.cli.report;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import stir.core.score.Verdict;

/**
 * The marks around the words of a verdict in a text, which take no room: a terminal shows the words
 * between them in bold or in a colour. They are characters that Unicode leaves to programs.
 */
public enum Emphasis {
    /** An answer. */
    KNOWN('\uFDD0', "\u001b[1m"),
    /** No answer. */
    UNKNOWN('\uFDD1', "\u001b[1;33m");

    private static final char END = '\uFDD2';
    private static final String PLAIN = "\u001b[0m";

    private final char begin;
    private final String sequence;

    Emphasis(char begin, String sequence) {
        this.begin = begin;
        this.sequence = sequence;
    }

    /** Returns a verdict's word between marks. */
    static String of(Verdict verdict) {
        return of(verdict, verdict.toString());
    }

    /** Returns a text that stands for a verdict between marks. */
    static String of(Verdict verdict, String text) {
        return (verdict.isKnown() ? KNOWN : UNKNOWN).begin + text + END;
    }

    /** Returns the number of characters that a text takes in a line. */
    static int width(String text) {
        return (int) text.chars().filter(c -> c < KNOWN.begin || c > END).count();
    }

    /** Returns the sequences to which marks become, which a terminal obeys. */
    public static Set<String> sequences() {
        return Stream.concat(Arrays.stream(values()).map(one -> one.sequence), Stream.of(PLAIN))
                .collect(Collectors.toSet());
    }

    /**
     * Returns a text as it is printed.
     *
     * @param isColoured whether marks become sequences for a terminal; otherwise they are left out,
     *     and nothing else changes
     */
    public static String shown(String text, boolean isColoured) {
        // What a name holds is written as a writer for terminals writes it, and not obeyed.
        var shown = isColoured ? text.replace("\u001b", "\\u001b") : text;
        for (var one : values()) {
            shown = shown.replace(Character.toString(one.begin), isColoured ? one.sequence : "");
        }
        return shown.replace(Character.toString(END), isColoured ? PLAIN : "");
    }
}
