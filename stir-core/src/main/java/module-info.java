/** Finds invariant inputs and turns them into STIR(target | reference). */
module stir.core {
    requires static org.jspecify;
    requires transitive stir.api;
    requires com.google.guice;
    requires jakarta.inject;
    requires java.desktop;

    exports stir.core;
    exports stir.core.arrays;
    exports stir.core.inputs;
    exports stir.core.inversion;

    opens stir.core.internal to
            com.google.guice;

    uses stir.api.BackendProvider;
    uses stir.api.SimilarityMeasure;

    provides stir.api.SimilarityMeasure with
            stir.core.similarity.LinearCka;
}
