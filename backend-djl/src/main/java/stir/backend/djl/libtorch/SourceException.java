package stir.backend.djl.libtorch;

import java.nio.file.Path;
import stir.api.DataException;

/** A defect of an archive: its source or pickle does not have PyTorch's form, or can't be used. */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    public SourceException(String message) {
        this(
                message,
                "export it again, as TorchScript with PyTorch 1.8 to 2.7 or by torch.export with PyTorch 2.5 to 2.15");
    }

    public SourceException(String message, Throwable cause) {
        this(message);
        initCause(cause);
    }

    /**
     * Creates a defect.
     *
     * @param message the defect, as part of a sentence
     * @param remedy the remedy, as the end of a sentence
     */
    public SourceException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** Returns the refusal of a network that takes integers. */
    public static SourceException ofTokenIds() {
        return new SourceException(
                "its network takes the integer ids of tokens, and inputs must be real numbers",
                "export a module whose forward takes the embeddings x and calls model(inputs_embeds=x)");
    }

    /** Returns the remedy, as the end of a sentence. */
    public String remedy() {
        return remedy;
    }

    /** Returns the refusal of a file that has the defect. */
    public DataException refusal(Path file) {
        return new DataException("%s can't be used (%s): %s.".formatted(file, getMessage(), remedy), this);
    }
}
