package stir.api;

/**
 * A backend's confidence that a file is one of its models, in ascending order.
 *
 * @since 0.1.0
 */
public enum Recognition {
    /** Not a model of this backend. */
    NONE,
    /** The name matches; the content does not decide. */
    BY_NAME,
    /** The content matches. */
    BY_CONTENT
}
