package stir.api;

/**
 * How sure a backend is that a file is a model of its own. The order matters: a later one is surer.
 *
 * @since 0.1.0
 */
public enum Recognition {
    /** Not this backend's. */
    NONE,
    /** The name fits, the content says nothing. */
    BY_NAME,
    /** The content shows it. */
    BY_CONTENT
}
