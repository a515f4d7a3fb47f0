package stir.backend.tf;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import stir.api.BackendProvider;
import stir.api.Device;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.SideInputs;
import stir.backend.tf.graph.TensorFlowMessages;
import stir.backend.tf.run.TfDevices;
import stir.backend.tf.run.TfNatives;
import stir.backend.tf.saved.FileSignature;
import stir.backend.tf.saved.TensorFlowFile;

/**
 * The backend for TensorFlow's models: folders of SavedModels (of TensorFlow 1 and 2) and frozen
 * graphs ({@code .pb}), through TensorFlow Java 1.1.0, whose native library is TensorFlow 2.18.0.
 */
public final class TfBackendProvider implements BackendProvider {
    private static final Map<String, String> SETTINGS = Map.of(
            "signature",
            "the signature of a SavedModel that runs (default: serving_default, or the only one)",
            "tags",
            "the part of a SavedModel that is used, by its tags joined by commas (default: serve)",
            "input",
            "the placeholder of a frozen graph that is fed (default: the only one)");

    /** Creates the provider, for the service loader. */
    public TfBackendProvider() {}

    @Override
    public String id() {
        return "tf";
    }

    @Override
    public String description() {
        return "TensorFlow SavedModels and frozen graphs, through TensorFlow Java 1.1.0 (TensorFlow 2.18.0)";
    }

    @Override
    public Recognition recognise(Path file) {
        return FileSignature.recognise(file);
    }

    @Override
    public Map<String, String> settings() {
        return new TreeMap<>(SETTINGS);
    }

    @Override
    public List<Device> devices(Path cache) {
        TfNatives.load(cache);
        return TfDevices.list();
    }

    @Override
    public Optional<String> gpuObstacle(Path cache) {
        TfNatives.load(cache);
        return TfDevices.problem();
    }

    @Override
    public Model open(Path file, ModelOptions options) {
        return open(file, options, SideInputs.NONE);
    }

    @Override
    public Model open(Path file, ModelOptions options, SideInputs inputs) {
        var model = TensorFlowMessages.namingFile(file, () -> TensorFlowFile.read(file, options.settings(), inputs));
        TfNatives.load(options.cache());
        var config = TfDevices.config(options.device(), options.threads());
        TfDevices.require(options.device(), config);
        return TensorFlowMessages.namingFile(file, () -> new TfModel(PreparedModel.of(model, config), options, config));
    }
}
