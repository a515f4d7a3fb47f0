/** A similarity measure for Stir. */
module org.example.measure {
    requires stir.api;

    provides stir.api.SimilarityMeasure with
            org.example.measure.MeanCosine;
}
