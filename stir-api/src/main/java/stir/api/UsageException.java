package stir.api;

import org.jspecify.annotations.Nullable;

/**
 * A request that can't be carried out: an unknown layer, measure or option, a value out of range, a
 * missing file. The caller corrects the request.
 *
 * @since 0.1.0
 */
public final class UsageException extends StirException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception for a request that must change.
     *
     * @param message one sentence for the user
     * @param remedies the ways out that a caller may name, in the order of preference
     */
    public UsageException(String message, Remedy... remedies) {
        super(message, null, remedies);
    }

    /**
     * Returns a copy whose message begins with its subject, such as the model's file.
     *
     * @since 0.1.0
     */
    public UsageException about(String subject) {
        return new UsageException(
                subject + ": " + getMessage(), this, refusal().remedies().toArray(Remedy[]::new));
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message one sentence for the user
     * @param cause the exception that revealed the problem
     * @param remedies the ways out that a caller may name, in the order of preference
     */
    public UsageException(String message, @Nullable Throwable cause, Remedy... remedies) {
        super(message, cause, remedies);
    }
}
