package stir.api;

import org.jspecify.annotations.Nullable;

/**
 * A file or value that exists but can't be used: a corrupt model, NaN among the inputs, images of
 * different sizes. The user fixes or replaces the data.
 *
 * @since 0.1.0
 */
public final class DataException extends StirException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception for unusable data.
     *
     * @param message one sentence for the user
     * @param remedies the ways out that a caller may name, in the order of preference
     */
    public DataException(String message, Remedy... remedies) {
        super(message, null, remedies);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message one sentence for the user
     * @param cause the exception that revealed the problem
     * @param remedies the ways out that a caller may name, in the order of preference
     */
    public DataException(String message, @Nullable Throwable cause, Remedy... remedies) {
        super(message, cause, remedies);
    }
}
