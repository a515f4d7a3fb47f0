/** Finds invariant inputs and turns them into STIR(target | reference). */
module stir.core {
    requires static org.jspecify;
    requires transitive stir.api;

    provides stir.api.SimilarityMeasure with
            stir.core.similarity.LinearCka;
}
