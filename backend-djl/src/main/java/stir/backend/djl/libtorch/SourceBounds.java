package stir.backend.djl.libtorch;

import java.util.Collection;

/**
 * Limits on the nesting and the length of source, checked before anything parses it: libtorch's
 * compiler recurses per level and would overflow its stack, which ends the process, and takes
 * minutes for long lists. PyTorch's own source stays far below the limits, because it splits long
 * expressions into statements.
 */
public final class SourceBounds {
    private static final int MAX_DEPTH = 100;

    /** The maximum number of consecutive words and operators in one bracket without a comma. */
    private static final int MAX_CHAIN = 400;

    private static final int MAX_ALTERNATIVES = 200;

    /** The maximum number of elements in one bracket; a large constant is a tensor, not source. */
    private static final int MAX_ELEMENTS = 100_000;

    /**
     * The maximum number of characters of all files; a network of 20,000 operators has 4 million.
     */
    private static final long MAX_LENGTH = 1L << 25;

    private static final int COLUMNS_PER_LEVEL = 2;

    private final String text;
    private final int[] chains = new int[MAX_DEPTH + 1];
    private final int[] elements = new int[MAX_DEPTH + 1];
    private int depth;

    private SourceBounds(String text) {
        this.text = text;
    }

    /**
     * Checks a source file.
     *
     * @throws SourceException if it nests too deeply
     */
    public static void check(String text) {
        new SourceBounds(text).run();
    }

    /**
     * Checks all source files.
     *
     * @throws SourceException if one nests too deeply or is too long
     */
    public static void check(Collection<String> texts) {
        if (texts.stream().mapToLong(String::length).sum() > MAX_LENGTH) {
            throw new SourceException(
                    "its source has more than %d characters".formatted(MAX_LENGTH),
                    "store large constants as tensors (register_buffer) and export it again");
        }
        texts.forEach(SourceBounds::check);
    }

    private void run() {
        int alternatives = 0;
        int i = 0;
        int line = 0;
        boolean indenting = true;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (indenting && c != ' ' && c != '\n') {
                indenting = false;
                bound(i - line, MAX_DEPTH * COLUMNS_PER_LEVEL);
                if (text.startsWith("elif", i)) {
                    bound(++alternatives, MAX_ALTERNATIVES);
                }
            }
            if (c == '\n') {
                if (depth == 0) {
                    chains[0] = 0;
                    indenting = true;
                }
                line = i + 1;
                i++;
            } else if (c == '"' || c == '\'') {
                link();
                i = afterString(text, i);
            } else if (c == '#') {
                int end = text.indexOf('\n', i);
                i = end < 0 ? text.length() : end;
            } else if (Character.isJavaIdentifierPart(c)) {
                link();
                while (i < text.length() && Character.isJavaIdentifierPart(text.charAt(i))) {
                    i++;
                }
            } else {
                mark(c);
                i++;
            }
        }
    }

    /** Returns the index after a string literal that begins at an index. */
    public static int afterString(String line, int start) {
        char quote = line.charAt(start);
        int i = start + 1;
        while (i < line.length() && line.charAt(i) != quote) {
            i += line.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private void mark(char c) {
        if ("([{".indexOf(c) >= 0) {
            link();
            bound(++depth, MAX_DEPTH);
            chains[depth] = 0;
            elements[depth] = 0;
        } else if (")]}".indexOf(c) >= 0) {
            depth = Math.max(depth - 1, 0);
        } else if (c == ',' || c == ';') {
            chains[depth] = 0;
            if (depth > 0 && ++elements[depth] > MAX_ELEMENTS) {
                throw new SourceException(
                        "its source has a list of more than %d elements".formatted(MAX_ELEMENTS),
                        "store it as a tensor (register_buffer) and export it again");
            }
        } else if (!Character.isWhitespace(c)) {
            link();
        }
    }

    private void link() {
        bound(++chains[depth], MAX_CHAIN);
    }

    private static void bound(int count, int limit) {
        if (count > limit) {
            throw new SourceException("its source nests too deeply");
        }
    }
}
