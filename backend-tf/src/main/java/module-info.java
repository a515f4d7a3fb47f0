/** TensorFlow: SavedModels and frozen graphs through TensorFlow Java. */
module stir.backend.tf {
    requires static org.jspecify;
    requires stir.api;
    requires tensorflow;

    provides stir.api.BackendProvider with
            stir.backend.tf.TfBackendProvider;
}
