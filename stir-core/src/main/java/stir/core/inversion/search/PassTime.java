package stir.core.inversion.search;

import java.util.function.LongSupplier;
import stir.core.inputs.Inputs;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.GradientEstimate;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.SearchOption;
import stir.core.network.Network;
import stir.core.network.open.Networks;
import stir.core.runtime.progress.ProgressListener;

/**
 * The approximate cost of a search at a layer: every objective and optimiser spends most of its
 * time on the same passes.
 *
 * @param seconds the seconds of one forward and backward pass of one input, with all of the
 *     network's workers
 */
public record PassTime(double seconds) {
    /** The number of inputs that is enough for a measurement. */
    public static final int ENOUGH_INPUTS = 50;

    private static final int STEPS = 3;

    /**
     * Measures the time with a few passes, on a machine that may be busy.
     *
     * @param network measured at its layer; the caller retains ownership
     * @param inputs few of them: {@link #ENOUGH_INPUTS}
     * @param networks the opener of further references
     * @param nanoseconds a clock
     */
    public static PassTime measure(Network network, Inputs inputs, Networks networks, LongSupplier nanoseconds) {
        return measure(network, inputs, networks, nanoseconds, InversionSettings.PUBLISHED);
    }

    /**
     * Measures the time of a forward pass alone.
     *
     * @param network measured at its layer; the caller retains ownership
     * @param inputs few of them: {@link #ENOUGH_INPUTS}
     * @param networks the opener of further references
     * @param nanoseconds a clock
     */
    public static PassTime measureForwards(
            Network network, Inputs inputs, Networks networks, LongSupplier nanoseconds) {
        var estimate = new GradientEstimate(2, GradientEstimate.DEFAULT_RADIUS);
        var settings = InversionSettings.PUBLISHED.with(SearchOption.ESTIMATE_GRADIENTS, estimate.toString());
        double step = measure(network, inputs, networks, nanoseconds, settings).seconds;
        return new PassTime(step / (estimate.samples() + 1));
    }

    private static PassTime measure(
            Network network, Inputs inputs, Networks networks, LongSupplier nanoseconds, InversionSettings settings) {
        try (var cut = SearchedNetworks.of(network, inputs, inputs.count(), settings, networks)) {
            cut.ignoreChanges(); // whose passes would be measured, too
            search(cut, settings.withIterations(1), inputs);
            long begun = nanoseconds.getAsLong();
            search(cut, settings.withIterations(STEPS), inputs);
            double seconds = (nanoseconds.getAsLong() - begun) / 1e9;
            return new PassTime(seconds / (inputs.count() * (STEPS + 1.0)));
        }
    }

    private static void search(SearchedNetworks cut, InversionSettings settings, Inputs inputs) {
        new Inverter(settings, cut, inputs).invert(ProgressListener.SILENT);
    }

    /**
     * Returns the maximum number of seconds of a search. For a search without gradients this must
     * be the time of a forward pass.
     *
     * @param settings the settings of the search
     * @param inputs the number of inputs
     */
    public double of(InversionSettings settings, int inputs) {
        if (settings.method() instanceof NearestNeighbour) {
            return 0;
        }
        double passes = inputs * (settings.iterations() + 1.0);
        if (settings.method() instanceof GradientDescent descent) {
            passes *= descent.steps().estimate().map(GradientEstimate::samples).orElse(0) + 1;
        }
        return seconds * passes;
    }
}
