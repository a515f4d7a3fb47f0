package stir.backend.onnx;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import stir.api.Model;
import stir.api.testing.DefaultLayersContract;

/** The default layers of files from both exporters of PyTorch. */
class DefaultLayersTest extends DefaultLayersContract {
    private static final Path FOLDER = Path.of("src", "test", "resources", "endings");
    private static final Map<String, float[]> REFERENCE = Fixtures.arrays(FOLDER.resolve("endings.npz"));

    @Override
    protected List<String> formats() {
        return List.of("script.onnx", "dynamo.onnx");
    }

    @Override
    protected Model open(String network, String format) {
        var file = FOLDER.resolve("%s.%s".formatted(network, format));
        return new OnnxBackendProvider().open(file, Fixtures.options(1));
    }

    @Override
    protected float[] reference(String name) {
        return Objects.requireNonNull(REFERENCE.get(name), name);
    }
}
