package stir.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;

import stir.api.Device;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.OpsetRaiser;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The GPUs on which ONNX Runtime can compute. */
final class Gpus {
    /** The maximum number of GPUs that are tried. */
    private static final int MAX = 16;

    private Gpus() {}

    /**
     * Returns the GPUs on which a session opens; the runtime may list CUDA on a machine without a
     * CUDA GPU.
     */
    static List<Device> of(OrtEnvironment environment) {
        var found = new ArrayList<Device>();
        if (OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            while (found.size() < MAX && works(environment, found.size())) {
                found.add(new Device(Device.Kind.CUDA, found.size()));
            }
        }
        return found;
    }

    private static boolean works(OrtEnvironment environment, int index) {
        try (var options = new SessionOptions();
                var cuda = Sessions.cuda(index)) {
            options.addCUDA(cuda);
            try (var session = environment.createSession(minimalModel(), options)) {
                return session.getNumOutputs() == 1;
            }
        } catch (OrtException e) {
            return false;
        }
    }

    /** Returns a minimal model, which tests whether a GPU works. */
    private static byte[] minimalModel() {
        var type = TensorType.of(ElementType.FLOAT, 1);
        var node = Node.of("Relu", "y", List.of("x"), Map.of());
        var graph = new Graph(List.of(node), Map.of(), Map.of("x", type), Map.of("y", type));
        return OnnxWriter.write(
                new OnnxModel(graph, Map.of("", OpsetRaiser.TARGET), List.of(), ""));
    }

    /**
     * Checks that a GPU works.
     *
     * @throws UsageException if it does not; the message names the GPUs that do
     */
    static void require(OrtEnvironment environment, Device device) {
        var found = of(environment);
        if (!found.contains(device)) {
            throw new UsageException(
                    found.isEmpty()
                            ? "The backend onnx finds no GPU for %s: put the jar onnxruntime_gpu into its folder and use a machine that has a GPU, CUDA 12 and cuDNN 9, or compute on the CPU."
                                    .formatted(device)
                            : "The backend onnx finds no GPU %s; available: %s."
                                    .formatted(device, found),
                    Remedy.COMPUTE_ON_CPU);
        }
    }
}
