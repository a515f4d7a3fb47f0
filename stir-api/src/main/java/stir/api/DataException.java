package stir.api;

import org.jspecify.annotations.Nullable;

/**
 * A file or value that was named is there, but can't be used: a corrupt model, NaN among the
 * inputs, images of different sizes. The user mends or replaces the data.
 *
 * @since 0.1.0
 */
public final class DataException extends StirException {
    private static final long serialVersionUID = 1L;

    /** Data that can't be used, told in a sentence for the user. */
    public DataException(String message, Remedy... remedies) {
        super(message, null, remedies);
    }

    /** As above, with the exception that showed it. */
    public DataException(String message, @Nullable Throwable cause, Remedy... remedies) {
        super(message, cause, remedies);
    }
}
