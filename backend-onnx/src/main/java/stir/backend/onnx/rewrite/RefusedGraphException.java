package stir.backend.onnx.rewrite;

/** A runtime does not take a graph: invalid, or with operators that it does not have. */
public final class RefusedGraphException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /** The runtime's words, in one line, and its exception. */
    public RefusedGraphException(String message, Throwable cause) {
        super(message, cause);
        this.sentence = message;
    }

    /** What is wrong; never null. */
    @Override
    public String getMessage() {
        return sentence;
    }
}
