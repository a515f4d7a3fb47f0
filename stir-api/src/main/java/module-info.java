/**
 * What a backend, a similarity measure or a term of an objective implements, and the values that
 * pass between them and Stir.
 *
 * <p>A backend provides {@link stir.api.BackendProvider}, a measure {@link
 * stir.api.SimilarityMeasure}, a term {@link stir.api.ObjectiveTerm}; all are found by {@link
 * java.util.ServiceLoader}.
 */
module stir.api {
    requires static org.jspecify;

    exports stir.api;
    exports stir.api.support;
}
