package stir.backend.onnx.gradient;

/** There is no gradient through a node; the message says why, without a full stop. */
public final class NoGradientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /** Why there is none, for example {@code LSTM 'rnn/lstm' has no gradient rule}. */
    public NoGradientException(String message) {
        super(message);
        this.sentence = message;
    }

    /** What is wrong; never null. */
    @Override
    public String getMessage() {
        return sentence;
    }
}
