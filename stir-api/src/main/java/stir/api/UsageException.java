package stir.api;

import org.jspecify.annotations.Nullable;

/**
 * What was asked for can't be done as asked: an unknown layer, measure or option, a value out of
 * range, a file that is not there. The caller mends the request.
 *
 * @since 0.1.0
 */
public final class UsageException extends StirException {
    private static final long serialVersionUID = 1L;

    /** A request that can't be carried out, told in a sentence for the user. */
    public UsageException(String message, Remedy... remedies) {
        super(message, null, remedies);
    }

    /** As above, with the exception that showed it. */
    public UsageException(String message, @Nullable Throwable cause, Remedy... remedies) {
        super(message, cause, remedies);
    }
}
