package stir.backend.onnx.rewrite;

/**
 * A graph that is not taken: invalid, too large, or with operators that the runtime does not have.
 */
public final class RefusedGraphException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /** Creates the runtime's words, in one line, and its exception. */
    public RefusedGraphException(String message, Throwable cause) {
        super(message, cause);
        this.sentence = message;
    }

    /** What is wrong with a graph that no runtime need see. */
    public RefusedGraphException(String message) {
        super(message);
        this.sentence = message;
    }

    /** What is wrong; never null. */
    @Override
    public String getMessage() {
        return sentence;
    }
}
