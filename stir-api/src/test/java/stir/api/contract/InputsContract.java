package stir.api.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.UsageException;

/**
 * The tests of a backend on networks of several inputs and of inputs that are not images, against
 * values that the framework's own automatic differentiation computed: arrays called {@code NAME.x}
 * (inputs), {@code NAME.c} (cotangents), {@code NAME.h} (values of the hidden layer), {@code
 * NAME.g} (gradients), {@code masked.bias} and {@code masked.mask}.
 */
public abstract class InputsContract {
    private static final int ROWS = 5;
    private static final Shape HIDDEN = Shape.of(4);
    private static final Shape SEQUENCE = Shape.of(5, 3);

    /** Opens the network of a name. */
    protected abstract Model open(String name, SideInputs inputs);

    /** Returns an array. */
    protected abstract float[] array(String name);

    /** Returns the name of the hidden layer of a network. */
    protected abstract String hidden(String name);

    /** Returns whether the position of channels is the last one. */
    protected boolean isChannelsLast() {
        return false;
    }

    /** Returns whether files state the types of inputs. */
    protected boolean statesTypes() {
        return true;
    }

    private Shape shape(String name) {
        return switch (name) {
            case "channels" -> isChannelsLast() ? Shape.of(8, 2) : Shape.of(2, 8);
            case "volume" -> isChannelsLast() ? Shape.of(3, 4, 3, 2) : Shape.of(2, 3, 4, 3);
            case "wave" -> Shape.of(12);
            case "table" -> Shape.of(6);
            default -> SEQUENCE;
        };
    }

    private Batch bias() {
        return Batch.of(Shape.of(6), array("masked.bias"));
    }

    private Batch mask() {
        return Batch.of(SEQUENCE_LENGTH, array("masked.mask"));
    }

    private static final Shape SEQUENCE_LENGTH = Shape.of(5);

    private static SideInputs.Side rows(SideInputs.Type type, Batch rows) {
        return new SideInputs.Side(type, false, rows.slice(0, 1));
    }

    private static SideInputs.Side constant(SideInputs.Type type, float value) {
        return new SideInputs.Side(type, true, Batch.of(Shape.of(), value));
    }

    private static SideInputs searching(Map<String, SideInputs.Side> given) {
        return new SideInputs(Optional.of("x"), given);
    }

    private SideInputs given() {
        return searching(
                Map.of("bias", rows(SideInputs.Type.FLOAT, bias()), "mask", rows(SideInputs.Type.INTEGER, mask())));
    }

    private Batch inputs(String name) {
        var inputs = Batch.of(shape(name), array(name + ".x"));
        return name.equals("masked") ? inputs.withSide(Map.of("bias", bias(), "mask", mask())) : inputs;
    }

    private static void assertClose(float[] expected, Batch actual) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(expected, actual.toArray(), (float) (2e-6 * Math.max(1, largest)));
    }

    private static Batch gradients(LayerHook hook, Batch inputs, Batch cotangents) {
        var gradients = Batch.allocate(inputs.rows(), inputs.rowShape());
        hook.pullback(inputs, cotangents, gradients);
        return gradients;
    }

    @ParameterizedTest
    @ValueSource(strings = {"masked", "sequence", "channels", "volume", "wave", "table"})
    void valuesAndGradientsAreThoseOfTheFramework(String name) {
        var inputs = inputs(name);
        var sides = name.equals("masked") ? given() : SideInputs.NONE;
        try (var model = open(name, sides);
                var hook = model.hook(hidden(name), new HookOptions(shape(name)))) {
            var values = Batch.allocate(ROWS, HIDDEN);
            hook.represent(inputs, values);
            assertClose(array(name + ".h"), values);
            var cotangents = Batch.of(HIDDEN, array(name + ".c"));
            assertClose(array(name + ".g"), gradients(hook, inputs, cotangents));
            var again = Batch.allocate(ROWS, HIDDEN);
            var gradients = Batch.allocate(ROWS, shape(name));
            hook.pullback(inputs, (found, into) -> into.buffer().put(cotangents.buffer()), again, gradients);
            assertClose(array(name + ".h"), again);
            assertClose(array(name + ".g"), gradients);
        }
    }

    @Test
    void sideInputsGoWithTheirRows() {
        var inputs = inputs("masked");
        var cotangents = Batch.of(HIDDEN, array("masked.c"));
        try (var model = open("masked", given());
                var hook = model.hook(hidden("masked"), new HookOptions(SEQUENCE))) {
            var all = gradients(hook, inputs, cotangents);
            for (int from = 0; from < ROWS - 1; from++) {
                var part = gradients(hook, inputs.slice(from, from + 2), cotangents.slice(from, from + 2));
                assertClose(all.slice(from, from + 2).toArray(), part);
            }
            var targets = Batch.allocate(ROWS, HIDDEN);
            var distances = new double[ROWS];
            var byDistance = Batch.allocate(ROWS, SEQUENCE);
            hook.distance(inputs, targets, Norm.L2, distances, byDistance);
            var values = Batch.of(HIDDEN, array("masked.h"));
            var expected = new double[ROWS];
            var derivatives = Batch.allocate(ROWS, HIDDEN);
            Norm.L2.derivatives(values, targets, expected, derivatives);
            assertArrayEquals(expected, distances, 1e-5);
            assertClose(gradients(hook, inputs, derivatives).toArray(), byDistance);
        }
    }

    @Test
    void aConstantIsTheSameAsEqualRows() {
        var ones = Batch.allocate(ROWS, SEQUENCE_LENGTH);
        var halves = Batch.allocate(ROWS, Shape.of(6));
        for (int i = 0; i < ROWS * 5; i++) {
            ones.buffer().put(i, 1);
        }
        for (int i = 0; i < ROWS * 6; i++) {
            halves.buffer().put(i, 0.5f);
        }
        var bare = Batch.of(SEQUENCE, array("masked.x"));
        var constants = searching(
                Map.of("bias", constant(SideInputs.Type.FLOAT, 0.5f), "mask", constant(SideInputs.Type.INTEGER, 1)));
        var cotangents = Batch.of(HIDDEN, array("masked.c"));
        float[] expected;
        try (var model = open("masked", given());
                var hook = model.hook(hidden("masked"), new HookOptions(SEQUENCE))) {
            var inputs = bare.withSide(Map.of("bias", halves, "mask", ones));
            expected = gradients(hook, inputs, cotangents).toArray();
        }
        try (var model = open("masked", constants);
                var hook = model.hook(hidden("masked"), new HookOptions(SEQUENCE))) {
            assertClose(expected, gradients(hook, bare, cotangents));
            assertTrue(model.layers(SEQUENCE).stream()
                    .anyMatch(layer -> layer.name().equals(hidden("masked"))));
        }
    }

    @Test
    void missingAndUnknownInputsAreNamed() {
        var bias = rows(SideInputs.Type.FLOAT, bias());
        var mask = rows(SideInputs.Type.INTEGER, mask());
        refuse("'maks'", "mask", searching(Map.of("bias", bias, "maks", mask)));
        refuse("give mask", "one row per input", searching(Map.of("bias", bias)));
        refuse("searched and given", "'x'", searching(Map.of("bias", bias, "mask", mask, "x", bias)));
        refuse(
                "could be searched",
                "choose the searched input",
                new SideInputs(Optional.empty(), statesTypes() ? Map.of("mask", mask) : Map.of("bias", bias)));
        if (statesTypes()) {
            var decimals = rows(SideInputs.Type.FLOAT, mask());
            refuse("integers", "'mask'", searching(Map.of("bias", bias, "mask", decimals)));
        }
    }

    private void refuse(String part, String other, SideInputs inputs) {
        var refusal =
                assertThrows(UsageException.class, () -> open("masked", inputs).close());
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(other), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count());
    }

    @Test
    void theOnlyFloatingPointInputThatIsNotGivenIsSearched() {
        var given = new LinkedHashMap<String, SideInputs.Side>();
        given.put("bias", rows(SideInputs.Type.FLOAT, bias()));
        given.put("mask", rows(SideInputs.Type.INTEGER, mask()));
        try (var model = open("masked", new SideInputs(Optional.empty(), given))) {
            assertEquals("x", model.input().name());
        }
    }
}
