package stir.backend.djl.torchscript;

/**
 * Bounds how deeply source nests, before anything parses it: libtorch's compiler goes one level
 * down its stack for each level of it, and ends the process where the stack ends. What PyTorch
 * writes is far from the bounds, since it parts long expressions into statements.
 */
final class SourceBounds {
    private static final int DEEPEST = 100;

    /** Of words and operators side by side, without a comma, in one bracket. */
    private static final int LONGEST_CHAIN = 400;

    private static final int MOST_ALTERNATIVES = 200;
    private static final int COLUMNS_OF_LEVEL = 2;

    private final String text;
    private final int[] chains = new int[DEEPEST + 1];
    private int depth;

    private SourceBounds(String text) {
        this.text = text;
    }

    /**
     * Looks through a source file.
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
                bound(i - line, DEEPEST * COLUMNS_OF_LEVEL);
                if (text.startsWith("elif", i)) {
                    bound(++alternatives, MOST_ALTERNATIVES);
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
            bound(++depth, DEEPEST);
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
        bound(++chains[depth], LONGEST_CHAIN);
    }

    private static void bound(int found, int most) {
        if (found > most) {
            throw new SourceException("its source nests too deeply");
        }
    }
}
