package stir.api.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Model;

/**
 * A comparison of {@link FakeRelu#EXTENDED} with values computed from the ReLU's inputs, and of its
 * gradient with finite differences.
 */
public final class ExtendedUnits {
    private static final float[] STEPS = {3e-2f, 1e-2f, 3e-3f, 1e-3f};

    private ExtendedUnits() {}

    /**
     * Checks a layer that is the mean of a ReLU over all positions.
     *
     * @param inputs of which some turn units off at all positions
     * @param before the layer whose values the ReLU receives
     * @param channelsLast whether the last dimension of these counts units, not the first
     * @param limit the largest value of the ReLU
     */
    public static void check(
            Model model, Batch inputs, String layer, String before, boolean channelsLast, float limit) {
        var options = new HookOptions(inputs.rowShape(), FakeRelu.EXTENDED);
        try (var extended = model.hook(layer, options);
                var given = model.hook(before, new HookOptions(inputs.rowShape()))) {
            assertTrue(extended.fakeRelu());
            var values = Batch.allocate(inputs.rows(), extended.layer().shape());
            extended.represent(inputs, values);
            var z = Batch.allocate(inputs.rows(), given.layer().shape());
            given.represent(inputs, z);
            var cotangents = values.copy();
            int off = 0;
            for (int row = 0; row < inputs.rows(); row++) {
                for (int unit = 0; unit < values.rowSize(); unit++) {
                    double value = value(z, row, unit, values.rowSize(), channelsLast, limit);
                    assertEquals(value, values.get(row, unit), 1e-5 * Math.max(1, Math.abs(value)));
                    cotangents.set(row, unit, value < 0 ? 1 : 0);
                    off += value < 0 ? 1 : 0;
                }
            }
            assertTrue(off > 0, "no unit is off at all positions");
            checkGradient(extended, inputs, cotangents);
        }
    }

    private static double value(Batch z, int row, int unit, int units, boolean channelsLast, float limit) {
        int positions = z.rowSize() / units;
        double largest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int i = 0; i < positions; i++) {
            float value = z.get(row, channelsLast ? i * units + unit : unit * positions + i);
            largest = Math.max(largest, value);
            sum += Math.max(0, Math.min(limit, value));
        }
        return (largest <= 0 ? largest : sum) / positions;
    }

    /** Compares the gradient's length with the slope along it; half of the rows may be at kinks. */
    private static void checkGradient(LayerHook hook, Batch inputs, Batch cotangents) {
        var gradients = inputs.copy();
        hook.pullback(inputs, cotangents, gradients);
        var errors = new ArrayList<Double>();
        for (int row = 0; row < inputs.rows(); row++) {
            double squares = 0;
            for (int i = 0; i < inputs.rowSize(); i++) {
                squares += Math.pow(gradients.get(row, i), 2);
            }
            double norm = Math.sqrt(squares);
            boolean any = false;
            for (int unit = 0; unit < cotangents.rowSize(); unit++) {
                any |= cotangents.get(row, unit) != 0;
            }
            if (!any) {
                continue;
            }
            assertTrue(norm > 0, "no gradient of units that are off");
            double best = Double.POSITIVE_INFINITY; // kinks and rounding need different steps
            for (float step : STEPS) {
                double slope = projected(hook, inputs, gradients, cotangents, row, step / norm)
                        - projected(hook, inputs, gradients, cotangents, row, -step / norm);
                best = Math.min(best, Math.abs(slope / (2 * step) - norm) / norm);
            }
            errors.add(best);
        }
        Collections.sort(errors);
        double median = errors.get(errors.size() / 2);
        assertTrue(median < 1e-2, "median relative error " + median);
    }

    private static double projected(
            LayerHook hook, Batch inputs, Batch directions, Batch cotangents, int row, double length) {
        var moved = inputs.copy();
        for (int i = 0; i < inputs.rowSize(); i++) {
            moved.set(row, i, (float) (inputs.get(row, i) + length * directions.get(row, i)));
        }
        var values = cotangents.copy();
        hook.represent(moved, values);
        double sum = 0;
        for (int unit = 0; unit < values.rowSize(); unit++) {
            sum += (double) values.get(row, unit) * cotangents.get(row, unit);
        }
        return sum;
    }
}
