package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Model;
import stir.api.Shape;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Networks that end in different ways, each from both exporters of PyTorch. */
class DefaultLayersTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "endings");
    private static final Shape IMAGE = Shape.of(3, 8, 8);
    private static final List<String> EXPORTERS = List.of("script", "dynamo");
    private static final Map<String, float[]> REFERENCE =
            Fixtures.arrays(FOLDER.resolve("endings.npz"));

    private static Model open(String network, String exporter) {
        var file = FOLDER.resolve("%s.%s.onnx".formatted(network, exporter));
        return new OnnxBackendProvider().open(file, Fixtures.options(1));
    }

    private static float[] reference(String name) {
        return Objects.requireNonNull(REFERENCE.get(name), name);
    }

    private static void compare(Model model, String network, String layer, String name) {
        var inputs = Batch.of(IMAGE, reference(network + ".images"));
        try (var hook = model.hook(layer, new HookOptions(IMAGE))) {
            var values = Batch.allocate(inputs.rows(), hook.layer().shape());
            hook.represent(inputs, values);
            assertArrayEquals(reference(network + "." + name), values.toArray(), 1e-6f, layer);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "squeezing, features",
        "flattening, pool",
        "functional, head@in",
        "distilled, flat",
        "repeating, pool"
    })
    void eachExporterHasTheSameDefaultLayer(String network, String expected) {
        for (var exporter : EXPORTERS) {
            try (var model = open(network, exporter)) {
                var layer = model.defaultLayer().orElse("none");
                assertEquals(expected, layer, exporter);
                assertTrue(
                        model.layers(IMAGE).stream().map(Layer::name).anyMatch(layer::equals),
                        exporter);
                compare(model, network, layer, "default");
            }
        }
    }

    @Test
    void classifiersOfTwoTensorsHaveNoDefaultLayer() {
        for (var exporter : EXPORTERS) {
            try (var model = open("crossing", exporter)) {
                assertEquals("none", model.defaultLayer().orElse("none"), exporter);
            }
        }
    }

    @Test
    void theLastOfThreeCallsHasANumber() {
        for (var exporter : EXPORTERS) {
            try (var model = open("repeating", exporter)) {
                for (var call : List.of("block#0", "block#1", "block#2")) {
                    compare(model, "repeating", call, call);
                }
            }
        }
    }
}
