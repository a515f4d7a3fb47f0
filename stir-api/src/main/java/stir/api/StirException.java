package stir.api;

import org.jspecify.annotations.Nullable;

/**
 * A failure of Stir, described in one sentence that names the problem and the remedy. The subclass
 * determines who can act on it.
 *
 * @since 0.1.0
 */
public abstract sealed class StirException extends RuntimeException
        permits UsageException, DataException, BackendException {
    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final Remedy[] remedies;

    StirException(String message, @Nullable Throwable cause, Remedy... remedies) {
        super(message, cause);
        this.sentence = message;
        this.remedies = remedies.clone();
    }

    /** Returns the message with its remedies. */
    public Refusal refusal() {
        return new Refusal(sentence, remedies);
    }

    /** Returns the sentence for the user; never null. */
    @Override
    public String getMessage() {
        return sentence;
    }
}
