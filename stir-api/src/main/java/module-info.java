/**
 * The service interfaces that backends, similarity measures and objective terms implement, and the
 * values that they exchange with Stir.
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
