package stir.backend.djl.torchscript;

/**
 * An expression where it is evaluated.
 *
 * @param frame the method's run
 * @param statement the index of the statement of the outermost level
 * @param line the index of the statement's line
 * @param expression the expression, its spans counted in that line
 */
record Value(Frame frame, int statement, int line, Expression expression) {
    String sourceLine() {
        return frame.method().body().get(statement).lines().get(line);
    }
}
