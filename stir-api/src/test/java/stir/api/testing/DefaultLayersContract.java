package stir.api.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Model;
import stir.api.Shape;
import stir.api.UsageException;

/**
 * Networks that end in different ways, each in several formats. Their values are those of PyTorch
 * ({@code make_endings.py}).
 */
public abstract class DefaultLayersContract {
    private static final Shape IMAGE = Shape.of(3, 8, 8);

    /** Returns the formats, by the endings of their files. */
    protected abstract List<String> formats();

    /** Opens a network in a format. */
    protected abstract Model open(String network, String format);

    /** Returns an array that PyTorch computed. */
    protected abstract float[] reference(String name);

    private void compare(Model model, String network, String layer, String name) {
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
        "upsampling, features",
        "distilled, flat",
        "auxiliary, pool",
        "repeating, pool"
    })
    void eachFormatHasTheSameDefaultLayer(String network, String expected) {
        for (var format : formats()) {
            try (var model = open(network, format)) {
                var layer = model.defaultLayer().orElse("none");
                assertEquals(expected, layer, format);
                assertTrue(model.layers(IMAGE).stream().map(Layer::name).anyMatch(layer::equals), format);
                compare(model, network, layer, "default");
            }
        }
    }

    @Test
    void classifiersOfTwoTensorsHaveNoDefaultLayerInAnyFormat() {
        for (var format : formats()) {
            try (var model = open("crossing", format)) {
                assertEquals("none", model.defaultLayer().orElse("none"), format);
            }
        }
    }

    @Test
    void theLastOfThreeCallsHasANumberInEachFormat() {
        for (var format : formats()) {
            try (var model = open("repeating", format)) {
                for (var call : List.of("block#0", "block#1", "block#2")) {
                    compare(model, "repeating", call, call);
                }
                compare(model, "repeating", "block", "block#2");
                var options = new HookOptions(IMAGE);
                assertThrows(UsageException.class, () -> model.hook("block#3", options), format);
            }
        }
    }
}
