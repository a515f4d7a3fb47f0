package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.contract.Numerical;
import stir.backend.djl.torchscript.TorchScriptArchive;

/** Every form of a hook's name, compared with the values of Python's hooks. */
@Numerical
@Tag("once")
class HookFormsTest {
    private static final Shape INPUT = Shape.of(3, 6, 6);

    private final Npz expected = Fixture.arrays("peculiar.npz");
    private TorchScriptModel model = Fixture.open("peculiar.script.pt");

    @BeforeEach
    void open() {
        model.close();
        model = Fixture.open("peculiar.script.pt");
    }

    @AfterEach
    void close() {
        model.close();
    }

    private LayerHook hook(String name, FakeRelu fakeRelu) {
        return model.hook(name, new HookOptions(INPUT, fakeRelu));
    }

    private float[] represent(String name) {
        var inputs = Batch.of(INPUT, expected.floats("x"));
        var before = inputs.toArray();
        try (var hook = hook(name, FakeRelu.NONE)) {
            var values = Batch.allocate(inputs.rows(), hook.layer().shape());
            hook.represent(inputs, values);
            assertArrayEquals(before, inputs.toArray(), "the network changed its inputs");
            return values.toArray();
        }
    }

    @Test
    void everyCallAndElementAndInput() {
        var checked = new ArrayList<String>();
        for (var name : expected.arrays().keySet()) {
            if (name.equals("x")) {
                continue;
            }
            double error = Fixture.relativeError(expected.floats(name), represent(name));
            assertTrue(error < 1e-5, name + ": relative error " + error);
            checked.add(name);
        }
        assertTrue(
                checked.containsAll(List.of(
                        "shared#0",
                        "shared#1",
                        "shared.1",
                        "pair[1]",
                        "named[\"out\"]",
                        "loop.a#1",
                        "loop.a",
                        "loop.a@in",
                        "head@in",
                        "stem@in")),
                checked.toString());
    }

    @Test
    void variables() {
        var hidden = expected.floats("hidden");
        var relu = new float[hidden.length];
        IntStream.range(0, relu.length).forEach(i -> relu[i] = Math.max(0, hidden[i]));
        var found = TorchScriptArchive.read(Fixture.file("peculiar.script.pt")).network().variables().stream()
                .filter(name -> sameAs(relu, name))
                .toList();
        assertFalse(found.isEmpty(), "no variable has the values of the functional ReLU");
        assertArrayEquals(expected.floats("stem"), represent("stem:_0"), 1e-6f);
        assertAll(() -> refuses("stem:nothing", "it has"), () -> refuses(":nothing", "The network has no variable"));
    }

    private boolean sameAs(float[] values, String variable) {
        try {
            var found = represent(":" + variable);
            return found.length == values.length && Fixture.relativeError(values, found) < 1e-5;
        } catch (stir.api.StirException e) {
            return false; // not a tensor, or a tensor without rows
        }
    }

    private void refuses(String name, String why) {
        var refusal = assertThrows(UsageException.class, () -> hook(name, FakeRelu.NONE), name);
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("\n"), refusal.getMessage());
    }

    @Test
    void refusals() {
        assertAll(
                () -> refuses("branches", "container"),
                () -> refuses("unused", "does not call unused"),
                () -> refuses("shar", "shared"),
                () -> refuses("shared#2", "no call #2"),
                () -> refuses("pair", "pair[0]"),
                () -> refuses("pair[2]", "pair[0]"),
                () -> refuses("pair[\"out\"]", "pair[0]"),
                () -> refuses("named", "named[\"out\"]"),
                () -> refuses("stem[0]", "returns Tensor"),
                () -> refuses("", "is not a layer's name"),
                () -> refuses("a b", "such as"),
                () -> refuses("stem@out", "is not a layer's name"));
    }

    @Test
    void listing() {
        var shapes = new HashMap<String, Shape>();
        model.layers(INPUT).forEach(layer -> shapes.put(layer.name(), layer.shape()));
        assertEquals(Shape.of(4, 6, 6), shapes.get("shared"));
        assertEquals(Shape.of(4, 6, 6), shapes.get("shared#0"));
        assertEquals(Shape.of(4, 6, 6), shapes.get("pair[1]"));
        assertEquals(Shape.of(4, 6, 6), shapes.get("named[\"aux\"]"));
        assertEquals(Shape.of(4, 6, 6), shapes.get("loop.a#1"));
        assertEquals(Shape.of(4, 6, 6), shapes.get("loop.a"));
        assertFalse(shapes.containsKey("loop.a#2"), "the last call has the plain name");
        assertEquals(Shape.of(5), shapes.get("head"));
        assertFalse(shapes.containsKey("branches"));
        var names = model.layers(INPUT).stream().map(layer -> layer.name()).toList();
        assertTrue(names.indexOf("stem") < names.indexOf("shared.0#0"));
        assertTrue(names.indexOf("shared.2") < names.indexOf("pair[0]"));
    }

    @Test
    void listingWithoutAShape() {
        var names = model.layers(Shape.of(3, Shape.UNKNOWN, Shape.UNKNOWN)).stream()
                .map(layer -> layer.name())
                .toList();
        assertTrue(names.containsAll(List.of("stem", "shared.0", "loop.a", "head")));
    }

    @Test
    void theInputAndTheDefaultLayer() {
        assertEquals(Shape.of(3, Shape.UNKNOWN, Shape.UNKNOWN), model.input().shape(), "channels");
        assertEquals("head@in", model.defaultLayer().orElse("none"));
        assertTrue(model.layers(INPUT).stream().anyMatch(layer -> layer.name().equals("head@in")));
        try (var hook = hook("head@in", FakeRelu.OF_LAYER)) {
            assertTrue(hook.fakeRelu(), "the functional ReLU before it, flattening aside");
            assertEquals(Shape.of(6), hook.layer().shape());
        }
        try (var hook = hook("hidden@in", FakeRelu.BEFORE_LAYER)) {
            assertTrue(hook.fakeRelu(), "the functional ReLU before it, the mean aside");
        }
        try (var hook = hook("hidden@in", FakeRelu.OF_LAYER)) {
            assertFalse(hook.fakeRelu(), "a mean is not the ReLU's value");
        }
    }
}
