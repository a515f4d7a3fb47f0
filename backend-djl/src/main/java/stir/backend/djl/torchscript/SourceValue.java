package stir.backend.djl.torchscript;

/**
 * An expression with the place of its evaluation.
 *
 * @param frame the method in its context
 * @param line the index of the statement in the method's body
 * @param expression the expression, its spans counted in that statement's text
 */
record SourceValue(Frame frame, int line, Expression expression) {
    ScriptStatement statement() {
        return frame.method().body().get(line);
    }
}
