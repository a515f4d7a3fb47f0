package stir.backend.onnx.graph;

/** A defect of a model: it is not ONNX, or it can't be used. */
public final class OnnxFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /**
     * Creates a defect.
     *
     * @param message one sentence without the file's name
     */
    public OnnxFormatException(String message) {
        super(message);
        this.sentence = message;
    }

    /** Returns the description of the defect; never null. */
    @Override
    public String getMessage() {
        return sentence;
    }
}
