/** ONNX models through ONNX Runtime, with gradients computed by backward graphs of our own. */
module stir.backend.onnx {
    requires static org.jspecify;
    requires stir.api;
    requires com.microsoft.onnxruntime;

    provides stir.api.BackendProvider with
            stir.backend.onnx.OnnxBackendProvider;
}
