package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.UsageException;
import stir.api.contract.InputsContract;

/** Networks of several inputs and of inputs that are not images, against TensorFlow's gradients. */
class InputsTest extends InputsContract {
    @Override
    protected Model open(String name, SideInputs inputs) {
        var options = new ModelOptions(Device.CPU, 1, Models.cache(), Map.of("signature", name));
        return new TfBackendProvider().open(Resources.path("inputs"), options, inputs);
    }

    @Override
    protected float[] array(String name) {
        try {
            return new Npz(Resources.path("inputs.ref.npz")).floats(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected String hidden(String name) {
        return name + "_hidden";
    }

    @Override
    protected boolean isChannelsLast() {
        return true;
    }

    /**
     * Networks of TensorFlow 1 often have the switch, which chooses the statistics to normalise by.
     */
    @Test
    void aTruthValueForAllInputsDecidesConditions() throws IOException {
        var arrays = new Npz(Resources.path("switch.ref.npz"));
        var x = Batch.of(Shape.of(3), arrays.floats("x"));
        var found = Batch.allocate(5, Shape.of(4));
        try (var model = switchedTo(false);
                var hook = model.hook("hidden", new HookOptions(x.rowShape()))) {
            hook.represent(x, found);
            assertArrayEquals(arrays.floats("h"), found.toArray(), 1e-6f);
            var gradients = Batch.allocate(5, x.rowShape());
            hook.pullback(x, Batch.of(Shape.of(4), arrays.floats("c")), gradients);
            assertArrayEquals(arrays.floats("g"), gradients.toArray(), 1e-6f);
        }
        try (var model = switchedTo(true);
                var hook = model.hook("hidden", new HookOptions(x.rowShape()))) {
            hook.represent(x, found);
            assertArrayEquals(arrays.floats("t"), found.toArray(), 1e-6f);
        }
    }

    @Test
    void aNumberForATruthValueIsRefusedWithAdvice() {
        var refusal = assertThrows(
                UsageException.class,
                () -> switchedTo(SideInputs.Type.INTEGER, 0).close());
        assertTrue(refusal.getMessage().contains("give true or false"), refusal.getMessage());
    }

    private static Model switchedTo(boolean training) {
        return switchedTo(SideInputs.Type.BOOLEAN, training ? 1 : 0);
    }

    private static Model switchedTo(SideInputs.Type type, float value) {
        var side = new SideInputs.Side(type, true, Batch.of(Shape.of(), value));
        var options = new ModelOptions(Device.CPU, 1, Models.cache(), Map.of());
        return new TfBackendProvider()
                .open(
                        Resources.path("switch.frozen.pb"),
                        options,
                        new SideInputs(Optional.empty(), Map.of("is_training", side)));
    }
}
