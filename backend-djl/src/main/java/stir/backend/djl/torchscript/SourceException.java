package stir.backend.djl.torchscript;

/** An archive's source or pickle is not of the form that PyTorch writes. */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SourceException(String message) {
        super(message);
    }
}
