package stir.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.Device;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.api.support.CudaLibraries;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.OpsetRaiser;

/** The GPUs on which ONNX Runtime can compute. */
final class Gpus {
    /** The maximum number of GPUs that are tried. */
    private static final int MAX = 16;

    /** The oldest CUDA with the functions that ONNX Runtime 1.29 calls. */
    private static final String CUDA = "12.8";

    private Gpus() {}

    /**
     * Returns the GPUs on which a session opens; the runtime may list CUDA on a machine without a
     * CUDA GPU.
     */
    static List<Device> of(OrtEnvironment environment) {
        var gpus = new ArrayList<Device>();
        while (gpus.size() < MAX && problem(environment, gpus.size()).isEmpty()) {
            gpus.add(new Device(Device.Kind.CUDA, gpus.size()));
        }
        return gpus;
    }

    /** Returns the reason why no convolution runs on a GPU; empty if one does. */
    static Optional<String> problem(OrtEnvironment environment, int index) {
        if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            return Optional.of("its jar is the one for the CPU");
        }
        try (var options = new SessionOptions();
                var cuda = Sessions.cuda(index)) {
            options.addCUDA(cuda);
            try (var session = environment.createSession(convolution(), options);
                    var one = OnnxTensor.createTensor(environment, new float[][][][] {{{{1}}}});
                    var result = session.run(Map.of("x", one, "w", one))) {
                return result.size() == 1 ? Optional.empty() : Optional.of("it computes nothing");
            }
        } catch (OrtException e) {
            return Optional.of(CudaLibraries.find(List.of()).reason(CUDA, RuntimeMessage.of(e)));
        }
    }

    /** Returns a convolution of one value, for which a GPU needs cuDNN, too. */
    private static byte[] convolution() {
        var type = TensorType.of(ElementType.FLOAT, 1, 1, 1, 1);
        var node = Node.of("Conv", "y", List.of("x", "w"), Map.of());
        var inputs = Map.of("x", type, "w", type);
        var graph = new Graph(List.of(node), Map.of(), inputs, Map.of("y", type));
        return OnnxWriter.write(new OnnxModel(graph, Map.of("", OpsetRaiser.TARGET), List.of(), ""));
    }

    /**
     * Checks that a GPU works.
     *
     * @throws UsageException if it does not; the message names the GPUs that do
     */
    static void require(OrtEnvironment environment, Device device) {
        var gpus = of(environment);
        if (!gpus.contains(device)) {
            throw new UsageException(
                    gpus.isEmpty()
                            ? "The backend onnx finds no GPU for %s (%s): install what is missing, or compute on the CPU."
                                    .formatted(device, problem(environment, 0).orElse("it appeared just now"))
                            : "The backend onnx finds no GPU %s; available: %s.".formatted(device, gpus),
                    Remedy.INSTALL_GPU_LIBRARIES,
                    Remedy.COMPUTE_ON_CPU);
        }
    }
}
