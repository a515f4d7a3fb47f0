package stir.backend.djl.torchscript;

/**
 * An expression with the place of its evaluation.
 *
 * @param frame the method in its context
 * @param statement the index of the outermost statement
 * @param line the index of the statement's line
 * @param expression the expression, its spans counted in that line
 */
record Value(Frame frame, int statement, int line, Expression expression) {
    String sourceLine() {
        return frame.method().body().get(statement).lines().get(line);
    }
}
