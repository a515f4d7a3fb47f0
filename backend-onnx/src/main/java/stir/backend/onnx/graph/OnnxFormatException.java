package stir.backend.onnx.graph;

/** A file or a part of it is no ONNX model, or one that can't be used; told in a sentence. */
public final class OnnxFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /** Creates a defect, told in a sentence without the file's name. */
    public OnnxFormatException(String message) {
        super(message);
        this.sentence = message;
    }

    /** What is wrong; never null. */
    @Override
    public String getMessage() {
        return sentence;
    }
}
