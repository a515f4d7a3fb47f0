package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Shape;
import stir.api.UsageException;

/** Networks of sequences, with shared weights, in other precisions, and exports for other uses. */
class ExportKindsTest {
    private static final Shape SEQUENCE = Shape.of(5, 6);
    private static final Shape IMAGE = Shape.of(3, 8, 8);

    private static Map<String, Layer> layers(String file, Shape shape) {
        try (var model = Fixture.open(file)) {
            return model.layers(shape).stream().collect(Collectors.toMap(Layer::name, layer -> layer));
        }
    }

    private static Layer layer(String file, Shape shape, String name) {
        return Optional.ofNullable(layers(file, shape).get(name)).orElseThrow();
    }

    private static float[] values(String file, String layer, Batch inputs) {
        try (var model = Fixture.open(file);
                var hook = model.hook(layer, new HookOptions(inputs.rowShape()))) {
            var values = Batch.allocate(inputs.rows(), hook.layer().shape());
            hook.represent(inputs, values);
            return values.toArray();
        }
    }

    @Test
    void theElementsOfNestedTuplesAreLayers() {
        var layers = layers("recurrent.script.pt", SEQUENCE);
        assertTrue(
                layers.keySet().containsAll(List.of("lstm[0]", "lstm[1][0]", "lstm[1][1]", "gru[0]")),
                layers::toString);
        assertEquals(
                Shape.of(5, 8),
                layer("recurrent.script.pt", SEQUENCE, "lstm[0]").shape());
        try (var model = Fixture.open("recurrent.script.pt")) {
            assertEquals(Shape.of(Shape.UNKNOWN, 6), model.input().shape());
            var unmeasured = model.layers(model.input().shape()).stream()
                    .map(Layer::name)
                    .toList();
            assertTrue(unmeasured.contains("lstm[1][0]"), unmeasured::toString);
            var several = assertThrows(UsageException.class, () -> model.hook("lstm", new HookOptions(SEQUENCE)));
            assertTrue(
                    several.getMessage().contains("use one of lstm[0], lstm[1][0], lstm[1][1]."), several.getMessage());
        }
    }

    @Test
    void theDefaultLayerOfSequencesIsMeasured() {
        for (var file : List.of("recurrent.script.pt", "recurrent.trace.pt", "recurrent.pt2")) {
            try (var model = Fixture.open(file);
                    var hook = model.hook(model.defaultLayer().orElseThrow(), new HookOptions(SEQUENCE))) {
                assertEquals("head@in", hook.layer().name());
                assertEquals(Shape.of(4), hook.layer().shape());
            }
        }
    }

    @Test
    void theOutputOfAnEncoderIsItsDefaultLayer() {
        try (var model = Fixture.open("encoder.pt2")) {
            var name = model.defaultLayer().orElseThrow();
            var listed = model.layers(Shape.of(3, 6, 6));
            assertEquals(name, listed.get(listed.size() - 1).name());
            assertEquals(Shape.of(4), listed.get(listed.size() - 1).shape());
            try (var hook = model.hook(name, new HookOptions(Shape.of(3, 6, 6)))) {
                assertEquals(Shape.of(4), hook.layer().shape());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unlikeheads.script.pt", "unlikeheads.pt2"})
    void classifiersOfDifferentTensorsHaveNoDefaultLayer(String file) {
        try (var model = Fixture.open(file)) {
            assertEquals(Optional.empty(), model.defaultLayer());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recurrent.trace.pt", "recurrent.pt2"})
    void aLastStateIsNamedInTheKind(String file) {
        assertEquals("LSTM", layer(file, SEQUENCE, "lstm").kind());
        assertEquals("GRU last state", layer(file, SEQUENCE, "gru").kind());
    }

    @Test
    void theInputOfAModuleIsNotTheWeightThatItShares() {
        var inputs = Fixture.noise(2, Shape.of(4, 8), 6);
        try (var model = Fixture.open("tied.trace.pt")) {
            assertEquals("block", model.defaultLayer().orElseThrow());
        }
        assertArrayEquals(values("tied.trace.pt", "block", inputs), values("tied.trace.pt", "head@in", inputs));
        assertArrayEquals(values("tied.trace.pt", "block.1#0", inputs), values("tied.trace.pt", "block@in", inputs));
        assertEquals(
                Shape.of(4, 8), layer("tied.trace.pt", Shape.of(4, 8), "block").shape());
    }

    @Test
    void aModuleWithTwoPathsIsExplained() {
        try (var model = Fixture.open("tied.trace.pt")) {
            var refusal = assertThrows(UsageException.class, () -> model.hook("act", new HookOptions(Shape.of(4, 8))));
            assertEquals(
                    "The network does not call act under this name: use the layer after it, or, if the same ReLU has a second name, one of block.1#0, block.1.",
                    refusal.getMessage());
        }
    }

    @Test
    void callsOfAModuleWithTwoCalledPathsHaveNoNumbers() {
        var expected = Fixture.arrays("shared.npz");
        var inputs = Batch.of(Shape.of(8), expected.floats("x"));
        for (var name : List.of("first", "block", "block#0", "block.1#0", "head")) {
            assertArrayEquals(expected.floats(name), values("shared.script.pt", name, inputs), 1e-6f, name);
        }
        assertArrayEquals(expected.floats("first#2"), values("shared.script.pt", "block.0", inputs), 1e-6f);
        var listed = layers("shared.script.pt", Shape.of(8)).keySet();
        assertTrue(listed.containsAll(List.of("first", "block.0", "block.1#0", "block#0")), listed::toString);
        try (var model = Fixture.open("shared.script.pt")) {
            for (var name : List.of("first#0", "first#3", "block.0#0", "first#1@in")) {
                assertFalse(listed.contains(name), name);
                var refusal = assertThrows(UsageException.class, () -> model.hook(name, new HookOptions(Shape.of(8))));
                assertTrue(
                        refusal.getMessage().startsWith("first and block.0 are aliases of one module"),
                        refusal.getMessage());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"half, script.pt", "half, trace.pt", "half, pt2", "bfloat16, trace.pt", "bfloat16, pt2"})
    void halfPrecisionIsComputedInSinglePrecision(String type, String end) {
        var inputs = Fixture.noise(3, IMAGE, 7);
        var file = type + "." + end;
        var single = type + ".single.trace.pt";
        for (var layer : List.of("conv", "bn", "fc@in", "fc")) {
            assertArrayEquals(values(single, layer, inputs), values(file, layer, inputs), 1e-6f, layer);
        }
        try (var model = Fixture.open(file);
                var hook = model.hook("fc", new HookOptions(IMAGE))) {
            var precision = type.equals("half") ? "float16" : type;
            assertEquals(precision, model.origin().get("precision"));
            var gradients = inputs.copy();
            hook.pullback(inputs, Fixture.noise(3, hook.layer().shape(), 8), gradients);
            assertFalse(gradients.buffer().get(0) == inputs.buffer().get(0));
        }
        try (var model = Fixture.open(single)) {
            assertNull(model.origin().get("precision"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tokens.script.pt, model(inputs_embeds=x)",
        "tokens.trace.pt, model(inputs_embeds=x)",
        "tokens.pt2, model(inputs_embeds=x)",
        "optimised.script.pt, before torch.jit.optimize_for_inference",
        "mobile.script.pt, before optimize_for_mobile",
        "quantised.script.pt, export the network before quantising it"
    })
    void anExportForAnotherUseIsRefusedWithTheRemedy(String file, String remedy) {
        var refusal = assertThrows(DataException.class, () -> Fixture.open(file));
        assertTrue(refusal.getMessage().endsWith(remedy + "."), refusal.getMessage());
    }
}
