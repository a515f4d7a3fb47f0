package stir.backend.onnx.gradient;

/** An exception for a node without a gradient; the message gives the reason without a full stop. */
public final class NoGradientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /**
     * Creates an exception.
     *
     * @param message the reason, for example {@code LSTM 'rnn/lstm' has no gradient rule}
     */
    public NoGradientException(String message) {
        super(message);
        this.sentence = message;
    }

    /** Returns the reason; never null. */
    @Override
    public String getMessage() {
        return sentence;
    }
}
