package stir.backend.onnx.rewrite;

/** A rejection of a graph: invalid, too large, or with unsupported operators. */
public final class RefusedGraphException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates a rejection by the runtime.
     *
     * @param message the runtime's message in one line
     * @param cause the runtime's exception
     */
    public RefusedGraphException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates a rejection of a graph that was not passed to a runtime.
     *
     * @param message the reason
     */
    public RefusedGraphException(String message) {
        super(message);
    }
}
