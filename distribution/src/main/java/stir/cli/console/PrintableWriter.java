package stir.cli.console;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Set;

/**
 * A writer that passes on no control characters but ends of lines and tabs, since a terminal obeys
 * those in the names of files and layers. They are written as in JSON. Sequences of Stir's own
 * pass: those that erase the line of the progress, or show a verdict in bold.
 */
public final class PrintableWriter extends FilterWriter {
    private static final char ESCAPE = '\u001b';

    private final Set<String> own;

    /**
     * Creates a writer that owns another one.
     *
     * @param own the sequences that pass
     */
    public PrintableWriter(Writer out, Set<String> own) {
        super(out);
        this.own = Set.copyOf(own);
    }

    /** Returns whether the escape at a place of a text is that of a sequence that passes. */
    private boolean isOwn(String text, int at) {
        return own.stream().anyMatch(sequence -> text.startsWith(sequence, at - sequence.indexOf(ESCAPE)));
    }

    /** Returns whether a terminal obeys a character: a control, or one that turns the direction. */
    private static boolean isObeyed(char c) {
        return Character.isISOControl(c) || (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }

    @Override
    public void write(int c) throws IOException {
        write(Character.toString((char) c), 0, 1);
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        write(new String(text, from, length), 0, length);
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            char c = text.charAt(i);
            if ((c == ESCAPE && isOwn(text, i)) || !isObeyed(c) || "\n\r\t".indexOf(c) >= 0) {
                out.write(c);
            } else {
                out.write(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
    }
}
