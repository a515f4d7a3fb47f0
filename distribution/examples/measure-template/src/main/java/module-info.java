/** A similarity measure for Stir. */
module org.example.__package__ {
    requires stir.api;

    provides stir.api.SimilarityMeasure with
            org.example.__package__.__Name__;
}
