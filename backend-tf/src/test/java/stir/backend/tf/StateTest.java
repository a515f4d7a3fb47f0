package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.backend.tf.Refusals.assertContains;
import static stir.backend.tf.Refusals.sentence;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Model;
import stir.api.Shape;

/**
 * Networks that change what they read, or draw random numbers, are refused, because they are not
 * functions of their input.
 */
class StateTest {
    private static Model open(String signature) {
        return Models.open(Resources.path("state"), Map.of("signature", signature));
    }

    @ParameterizedTest
    @CsvSource({
        "counter, AssignAddVariableOp, changes 'count'",
        "slice, ResourceStridedSliceAssign, changes 'count'",
        "scatter, ResourceScatterNdAdd, changes 'count'",
        "branch, If, changes 'count'",
        "inplace, InplaceAdd, changes 'Const",
        "dropout, RandomUniform, drops values at random",
        "stateless, StatelessRandomGetKeyCounter, drops values at random",
    })
    void refused(String signature, String operation, String reason) {
        var refusal = sentence(assertThrows(DataException.class, () -> open(signature)));
        assertContains(refusal, "the operation " + operation + " (node ", reason, "training=False");
    }

    /** A table is filled by an initialiser, which does not run. */
    @Test
    void lookupTables() {
        try (var model = open("lookup")) {
            var options = new HookOptions(Shape.of(4));
            model.hook("Tanh", options).close();
            var refusal = assertThrows(DataException.class, () -> model.hook("Tanh_1", options));
            assertContains(sentence(refusal), "lookup table", "choose an earlier layer");
        }
    }

    @Test
    void theDefaultLayerAfterALoopOverRowsIsListed() {
        try (var model = open("rows")) {
            var names = model.layers(Shape.of(4)).stream().map(Layer::name).toList();
            var layer = model.defaultLayer().orElseThrow();
            assertTrue(names.contains(layer), layer + " is not among " + names);
            var options = new HookOptions(Shape.of(4));
            var refusal = assertThrows(DataException.class, () -> model.hook(layer, options));
            assertContains(sentence(refusal), "has no gradient", "use one of them");
            model.hook(layer, HookOptions.withoutGradients(Shape.of(4))).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "gated"})
    void stateAndDropoutWithoutEffect(String signature) {
        try (var model = open(signature);
                var hook = model.hook("Tanh_1", new HookOptions(Shape.of(4)))) {
            assertEquals(Shape.of(4), hook.layer().shape());
        }
    }
}
