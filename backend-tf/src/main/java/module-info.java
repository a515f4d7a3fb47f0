/** TensorFlow: SavedModel through TensorFlow Java. */
module stir.backend.tf {
    requires static org.jspecify;
    requires stir.api;
}
