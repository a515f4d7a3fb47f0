/**
 * What a backend or a similarity measure implements, and the values that pass between them and
 * Stir.
 *
 * <p>A backend provides {@link stir.api.BackendProvider}, a measure {@link
 * stir.api.SimilarityMeasure}; both are found by {@link java.util.ServiceLoader}.
 */
module stir.api {
    requires static org.jspecify;

    exports stir.api;
}
