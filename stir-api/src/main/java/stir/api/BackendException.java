package stir.api;

import org.jspecify.annotations.Nullable;

/**
 * A failure of the machine or of a library: native code that does not load, memory or disk that is
 * exhausted, an operation that a backend does not implement.
 *
 * @since 0.1.0
 */
public final class BackendException extends StirException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates a failure of the machine or of a library.
     *
     * @param message one sentence for the user
     * @param remedies the ways out that a caller may name, in the order of preference
     */
    public BackendException(String message, Remedy... remedies) {
        super(message, null, remedies);
    }

    /**
     * Creates a failure with its cause.
     *
     * @param message one sentence for the user
     * @param cause the exception that revealed the failure
     * @param remedies the ways out that a caller may name, in the order of preference
     */
    public BackendException(String message, @Nullable Throwable cause, Remedy... remedies) {
        super(message, cause, remedies);
    }
}
