package stir.api;

import org.jspecify.annotations.Nullable;

/**
 * The machine or a library failed: native code that does not load, memory or disk that ran out, an
 * operation that a backend does not have.
 *
 * @since 0.1.0
 */
public final class BackendException extends StirException {
    private static final long serialVersionUID = 1L;

    /** A failure of the machine or of a library, told in a sentence for the user. */
    public BackendException(String message, Remedy... remedies) {
        super(message, null, remedies);
    }

    /** As above, with the exception that showed it. */
    public BackendException(String message, @Nullable Throwable cause, Remedy... remedies) {
        super(message, cause, remedies);
    }
}
