package stir.backend.djl.torchscript;

/** An archive's source or pickle is not of the form that PyTorch writes, or of no use to us. */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    SourceException(String message) {
        this(message, "export it again with a PyTorch of version 1.8 to 2.7");
    }

    /**
     * Creates a reason not to open an archive.
     *
     * @param message what it is, as the inside of a sentence
     * @param remedy what to do
     */
    SourceException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** What to do about it, as the end of a sentence. */
    String remedy() {
        return remedy;
    }
}
