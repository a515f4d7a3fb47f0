package stir.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import stir.api.Device;
import stir.api.Scope;
import stir.api.support.RuntimeFacts;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.ExternalData;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.GraphRuntime;
import stir.backend.onnx.rewrite.RefusedGraphException;

/**
 * A factory of ONNX Runtime sessions with common device, threads and folder of weights.
 *
 * @param file the network's file, to which the locations of external weights are relative
 */
record Sessions(OrtEnvironment environment, Device device, int threads, Path file) implements GraphRuntime {
    /** The number of bytes above which weights are large. */
    private static final int LARGE = 1 << 16;

    /**
     * The number of nodes above which a graph is not optimised, since that takes minutes: time
     * grows with the square of the number.
     */
    private static final int OPTIMISED = 10_000;

    /** The prefix of the runtime's type names; its type numbers differ from ONNX's. */
    private static final String TYPE_PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

    /** Returns the facts of {@link Model#runtime}; no variable restricts the instructions. */
    Map<String, String> runtime() {
        return RuntimeFacts.of("ONNX Runtime " + environment.getVersion(), device);
    }

    /** Opens a graph for repeated runs. */
    OrtSession open(OnnxModel model) {
        var level = model.graph().nodes().size() > OPTIMISED ? OptLevel.NO_OPT : OptLevel.ALL_OPT;
        try (var options = options(level)) {
            options.setIntraOpNumThreads(threads);
            options.addConfigEntry("session.force_spinning_stop", "1");
            if (device.kind() == Device.Kind.CUDA) {
                try (var cuda = cuda(device.index())) {
                    options.addCUDA(cuda);
                    options.setDeterministicCompute(true);
                    return open(model, options);
                }
            }
            return open(model, options);
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    /** Returns the options of a GPU, without TF32, which is too inexact for gradients. */
    static OrtCUDAProviderOptions cuda(int index) throws OrtException {
        var cuda = new OrtCUDAProviderOptions(index);
        cuda.add("use_tf32", "0");
        cuda.add("cudnn_conv_algo_search", "HEURISTIC");
        return cuda;
    }

    private SessionOptions options(OptLevel level) throws OrtException {
        var options = new SessionOptions();
        options.setOptimizationLevel(level);
        options.setInterOpNumThreads(1);
        // ONNX Runtime 1.29 merges a zero padding into the following maximum pooling, which pads
        // with the smallest number: wrong where all pooled values are negative.
        options.addConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
        options.addConfigEntry(
                "session.model_external_initializers_file_folder_path",
                OnnxFile.folder(file).toString());
        return options;
    }

    /** Opens a graph, with large weights separate, since they would be copied several times. */
    private OrtSession open(OnnxModel model, SessionOptions options) throws OrtException {
        try (var scope = new Scope()) {
            var external = new HashMap<String, OnnxTensorLike>();
            var kept = new LinkedHashMap<>(model.graph().initialisers());
            for (var entry : kept.entrySet()) {
                var tensor = entry.getValue();
                if (tensor.data().remaining() > LARGE && tensor.type().type() == ElementType.FLOAT) {
                    var where = new ExternalData("weights", 0, tensor.data().remaining());
                    external.put(entry.getKey(), scope.own(weights(tensor)));
                    entry.setValue(Tensor.external(tensor.type(), where));
                }
            }
            if (!external.isEmpty()) {
                options.addExternalInitializers(external);
            }
            var graph = model.graph().with(model.graph().nodes(), kept);
            return environment.createSession(OnnxWriter.write(model.with(graph)), options);
        }
    }

    private OnnxTensor weights(Tensor tensor) throws OrtException {
        var dims = tensor.type().toLongs();
        var data = tensor.data();
        if (!data.isDirect()) {
            data = ByteBuffer.allocateDirect(data.remaining())
                    .order(ByteOrder.nativeOrder())
                    .put(data)
                    .flip();
        }
        return OnnxTensor.createTensor(environment, data, dims, OnnxJavaType.FLOAT);
    }

    @Override
    public Map<String, TensorType> types(OnnxModel model) {
        try (var options = options(OptLevel.NO_OPT);
                var session = open(model, options)) {
            var types = new HashMap<String, TensorType>();
            for (var output : session.getOutputInfo().entrySet()) {
                if (output.getValue().getInfo() instanceof TensorInfo info) {
                    types.put(output.getKey(), type(info));
                }
            }
            return types;
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    @Override
    public Map<String, Tensor> evaluate(OnnxModel model) {
        try (var options = options(OptLevel.NO_OPT);
                var session = open(model, options);
                var results = session.run(Map.of())) {
            var values = new HashMap<String, Tensor>();
            for (var result : results) {
                if (result.getValue() instanceof OnnxTensor tensor) {
                    values.put(result.getKey(), Tensor.of(type(tensor.getInfo()), tensor.getByteBuffer()));
                }
            }
            return values;
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    private static TensorType type(TensorInfo info) {
        var name = info.onnxType.name().replace(TYPE_PREFIX, "");
        var element = Arrays.stream(ElementType.values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElse(ElementType.UNDEFINED);
        return info.type == OnnxJavaType.UNKNOWN && info.getShape().length == 0
                ? TensorType.unranked(element)
                : TensorType.of(element, info.getShape());
    }

    static RefusedGraphException refused(OrtException e) {
        return new RefusedGraphException(RuntimeMessage.of(e), e);
    }
}
