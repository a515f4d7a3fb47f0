package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Model;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.contract.Numerical;

/**
 * A module's path stands for the module's result. {@code src/test/python/modules.py} wrote the
 * network, in which the results are hard to find, and stored those of PyTorch's forward hooks.
 */
@Numerical
class ModulePathsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "modules");
    private static final Shape INPUT = Shape.of(3, 4, 4);
    private static final HookOptions OPTIONS = new HookOptions(INPUT);

    private static Path file(String exporter) {
        return FOLDER.resolve("odd." + exporter + ".onnx");
    }

    private static Model open(String exporter) {
        return new OnnxBackendProvider().open(file(exporter), Fixtures.options(1));
    }

    private static Layer listed(Model model, String name) {
        var layers = model.layers(INPUT);
        return layers.stream()
                .filter(layer -> layer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + layers));
    }

    @ParameterizedTest
    @CsvSource({"script, 26, 30", "dynamo, 29, 30"})
    void everyPathIsPyTorchsResultOrRefused(String exporter, int results, int inputs) {
        var found = ModulesTest.Comparison.of(file(exporter), Fixtures.arrays(FOLDER.resolve("odd.npz")));
        assertEquals(List.of(), found.wrong());
        assertEquals(results, found.results().equal());
        assertEquals(inputs, found.inputs().equal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"script", "dynamo"})
    void childrenContainersAndEarlierCallsAreListedUnderTheirPaths(String exporter) {
        try (var model = open(exporter)) {
            for (var name : List.of(
                    "stem.2",
                    "stem",
                    "sides.left.relu#0",
                    "sides.left.relu",
                    "sides.left",
                    "twice#0",
                    "twice",
                    "layers.1.0",
                    "layers.1")) {
                assertEquals(Optional.empty(), listed(model, name).obstacle());
            }
            assertEquals("Relu", listed(model, "sides.left").kind());
            try (var second = model.hook("sides.left.relu#1", OPTIONS)) {
                assertEquals("Relu", second.layer().kind());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"script", "dynamo"})
    void aConvolutionMergedWithItsNormalisationIsListedAndRefused(String exporter) {
        try (var model = open(exporter)) {
            var obstacle = listed(model, "sides.left.conv1").obstacle().orElseThrow();
            assertTrue(obstacle.startsWith("The exporter merged it with the batch"), obstacle);
            var refusal = refusal(model, "sides.left.conv1");
            assertTrue(refusal.contains("export with "), refusal);
        }
    }

    @Test
    void aContainerWhoseConvolutionMayHaveBeenMergedWithANodeOutsideIsRefused() {
        try (var model = open("script")) {
            assertTrue(refusal(model, "within").contains("may or may not be its own"));
        }
    }

    @ParameterizedTest
    @CsvSource({"script, merged a transposition", "dynamo, merged an operation"})
    void aModuleWhoseLastTranspositionWasMergedWithTheNextIsRefused(String exporter, String why) {
        try (var model = open(exporter)) {
            assertTrue(refusal(model, "turned").contains(why));
        }
    }

    @ParameterizedTest
    @CsvSource({"script, /pair/first/Add_output_0, /pair/second/Sigmoid_output_0", "dynamo, linear, sigmoid"})
    void aModuleOfSeveralResultsIsRefusedWithTheirNames(String exporter, String a, String b) {
        try (var model = open(exporter)) {
            assertEquals(
                    "'pair' can't be measured, because several tensors leave it; name one of %s, %s.".formatted(a, b),
                    refusal(model, "pair"));
            try (var first = model.hook(a, OPTIONS);
                    var named = model.hook("pair.first", OPTIONS)) {
                assertEquals(named.layer().shape(), first.layer().shape());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"script", "dynamo"})
    void aModuleThatTheExporterOmittedIsUnknownWithTheReason(String exporter) {
        try (var model = open(exporter)) {
            var refusal = refusal(model, "drop");
            assertTrue(refusal.contains("There is no layer 'drop'"), refusal);
            assertTrue(refusal.contains("that do nothing"), refusal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"script", "dynamo"})
    void theDefaultLayerIsListed(String exporter) {
        try (var model = open(exporter)) {
            var name = model.defaultLayer().orElseThrow();
            assertEquals(Shape.of(4), listed(model, name).shape());
        }
    }

    private static String refusal(Model model, String layer) {
        return assertThrows(UsageException.class, () -> model.hook(layer, OPTIONS))
                .getMessage();
    }
}
