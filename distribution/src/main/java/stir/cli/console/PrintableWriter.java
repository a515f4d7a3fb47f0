package stir.cli.console;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/**
 * A writer that passes on no control characters but ends of lines and tabs, since a terminal obeys
 * those in the names of files and layers. They are written as in JSON. The progress of Stir erases
 * its line by the one sequence that passes.
 */
public final class PrintableWriter extends FilterWriter {
    /** The beginning of the line, and the erasure of all that follows. */
    public static final String ERASE_LINE = "\r\u001b[K";

    /** Creates a writer that owns another one. */
    public PrintableWriter(Writer out) {
        super(out);
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
            boolean isOwn = i > 0 && text.startsWith(ERASE_LINE, i - 1);
            if (isOwn || !Character.isISOControl(c) || "\n\r\t".indexOf(c) >= 0) {
                out.write(c);
            } else {
                out.write(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
    }
}
