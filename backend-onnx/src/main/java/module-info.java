/** ONNX: ONNX through ONNX Runtime. */
module stir.backend.onnx {
    requires static org.jspecify;
    requires stir.api;
}
