package stir.backend.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import stir.api.BackendProvider;
import stir.api.Device;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.SideInputs;
import stir.backend.onnx.gradient.GradientRules;
import stir.backend.onnx.graph.ModelLimits;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxReader;
import stir.backend.onnx.rewrite.FunctionInliner;
import stir.backend.onnx.rewrite.NodeCheck;
import stir.backend.onnx.rewrite.OpsetRaiser;
import stir.backend.onnx.rewrite.ScalerRewrite;
import stir.backend.onnx.rewrite.SinglePrecision;
import stir.backend.onnx.rewrite.StandardisedWeights;

/** The backend that runs ONNX models, with gradients, through ONNX Runtime. */
public final class OnnxBackendProvider implements BackendProvider {
    /** The newest operator set that the runtime supports. */
    private static final int NEWEST_OPSET = 26;

    /** Creates the provider, for the service loader. */
    public OnnxBackendProvider() {}

    @Override
    public String id() {
        return "onnx";
    }

    @Override
    public String description() {
        return "ONNX models (.onnx) through ONNX Runtime"
                + RuntimeLibrary.version().map(version -> " " + version).orElse("");
    }

    @Override
    public Recognition recognise(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                if (OnnxReader.looksLikeModel(OnnxFile.map(file))) {
                    return Recognition.BY_CONTENT;
                }
                if (file.toString().endsWith(".onnx")) {
                    return Recognition.BY_NAME;
                }
            }
        } catch (IOException | OnnxFormatException e) {
            return Recognition.NONE;
        }
        return Recognition.NONE;
    }

    @Override
    public List<Device> devices(Path cache) {
        var devices = new ArrayList<>(List.of(Device.CPU));
        devices.addAll(Gpus.of(RuntimeLibrary.load(cache)));
        return devices;
    }

    @Override
    public Optional<String> gpuObstacle(Path cache) {
        return Gpus.problem(RuntimeLibrary.load(cache), 0);
    }

    @Override
    public Model open(Path file, ModelOptions options) {
        return open(file, options, SideInputs.NONE);
    }

    @Override
    public Model open(Path file, ModelOptions options, SideInputs inputs) {
        var model = OnnxFile.read(file);
        var environment = RuntimeLibrary.load(options.cache());
        if (options.device().kind() == Device.Kind.CUDA) {
            Gpus.require(environment, options.device());
        }
        var sessions = new Sessions(environment, options.device(), options.threads(), file);
        return OnnxFile.namingFile(file, () -> {
            var inlined = withoutIdleInputs(FunctionInliner.inline(model));
            var plain = ScalerRewrite.rewrite(StandardisedWeights.rewrite(NodeCheck.withoutZeroHeads(inlined)));
            ModelLimits.requireFewSteps(plain.graph());
            NodeCheck.check(plain);
            var names = new NamedLayers(plain.graph());
            var sides = new Sides(inputs);
            var chosen = sides.choose(
                    file.toString(), prepare(file, plain), model.graph().inputs());
            var input = OnnxNetwork.spec(file, chosen);
            return new OnnxNetwork(file, sessions, chosen, sides, input, names, origin(model));
        });
    }

    private static Map<String, String> origin(OnnxModel model) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("format", "ONNX");
        if (!model.producer().isEmpty()) {
            facts.put("exporter", model.producer());
        }
        facts.put("opset", Integer.toString(model.opset()));
        var precision = SinglePrecision.other(model);
        if (isQuantised(model)) {
            facts.put("precision", "quantised");
        } else if (precision.isPresent()) {
            facts.put("precision", precision.get().name().toLowerCase(Locale.ROOT));
        }
        return facts;
    }

    private static boolean isQuantised(OnnxModel model) {
        return model.graph().nodes().stream().anyMatch(GradientRules::isQuantised);
    }

    /** Removes inputs that the network does not use, which some exporters keep. */
    private static OnnxModel withoutIdleInputs(OnnxModel model) {
        var graph = model.graph();
        var read = new HashSet<>(graph.outputs().keySet());
        graph.nodes().forEach(node -> node.reads().forEach(read::add));
        var inputs = new LinkedHashMap<>(graph.inputs());
        inputs.keySet().retainAll(read);
        return inputs.isEmpty() ? model : model.with(graph.withInputs(inputs));
    }

    private static OnnxModel prepare(Path file, OnnxModel model) {
        if (model.opset() > NEWEST_OPSET) {
            throw new OnnxFormatException(
                    "it uses ONNX's operators of version %d, and the runtime supports versions up to %d: export it with an older one"
                            .formatted(model.opset(), NEWEST_OPSET));
        }
        if (SinglePrecision.other(model).isPresent()) {
            System.getLogger(OnnxBackendProvider.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "{0} has weights that are not in single precision; it is computed in single precision.",
                            file);
        }
        return OpsetRaiser.raise(SinglePrecision.convert(model));
    }
}
