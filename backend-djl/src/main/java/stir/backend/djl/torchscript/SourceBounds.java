package stir.backend.djl.torchscript;

/**
 * A limit on the nesting of source, checked before anything parses it: libtorch's compiler recurses
 * per level and would overflow its stack, which ends the process. PyTorch's own source stays far
 * below the limits, because it splits long expressions into statements.
 */
final class SourceBounds {
    private static final int MAX_DEPTH = 100;

    /** The maximum number of consecutive words and operators in one bracket without a comma. */
    private static final int MAX_CHAIN = 400;

    private static final int MAX_ALTERNATIVES = 200;
    private static final int COLUMNS_PER_LEVEL = 2;

    private final String text;
    private final int[] chains = new int[MAX_DEPTH + 1];
    private int depth;

    private SourceBounds(String text) {
        this.text = text;
    }

    /**
     * Checks a source file.
     *
     * @throws SourceException if it nests too deeply
     */
    static void check(String text) {
        new SourceBounds(text).run();
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
                i = Expression.afterString(text, i);
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

    private void mark(char c) {
        if ("([{".indexOf(c) >= 0) {
            link();
            bound(++depth, MAX_DEPTH);
            chains[depth] = 0;
        } else if (")]}".indexOf(c) >= 0) {
            depth = Math.max(depth - 1, 0);
        } else if (c == ',' || c == ';') {
            chains[depth] = 0;
        } else if (!Character.isWhitespace(c)) {
            link();
        }
    }

    private void link() {
        bound(++chains[depth], MAX_CHAIN);
    }

    private static void bound(int found, int limit) {
        if (found > limit) {
            throw new SourceException("its source nests too deeply");
        }
    }
}
