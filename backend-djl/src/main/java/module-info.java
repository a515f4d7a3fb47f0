/** PyTorch: TorchScript through DJL. */
module stir.backend.djl {
    requires static org.jspecify;
    requires stir.api;
}
