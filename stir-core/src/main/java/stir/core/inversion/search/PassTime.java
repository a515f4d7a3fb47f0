package stir.core.inversion.search;

import stir.core.inputs.Inputs;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.GradientEstimate;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.SearchOption;
import stir.core.inversion.rule.SearchedNetworks;
import stir.core.network.Network;
import stir.core.network.Networks;
import stir.core.progress.ProgressListener;

import java.util.function.LongSupplier;

/**
 * What a search at a layer costs, about: every objective and optimiser spends most of its time on
 * the same passes.
 *
 * @param seconds one forward and backward pass of one input, all of the network's workers at work
 */
public record PassTime(double seconds) {
    /** Inputs that are enough for a measurement. */
    public static final int ENOUGH_INPUTS = 50;

    private static final int STEPS = 3;

    /**
     * Measures it with a few passes, on a machine that may be busy with other things.
     *
     * @param network measured at its layer; stays its owner's
     * @param inputs few of them: {@link #ENOUGH_INPUTS}
     * @param networks gives no network
     * @param nanoseconds a clock
     */
    public static PassTime measure(
            Network network, Inputs inputs, Networks networks, LongSupplier nanoseconds) {
        return measure(network, inputs, networks, nanoseconds, InversionSettings.REFERENCE);
    }

    /**
     * The time of a forward pass alone, which takes no gradient: as above.
     *
     * @param network measured at its layer; stays its owner's
     * @param inputs few of them: {@link #ENOUGH_INPUTS}
     * @param networks gives no network
     * @param nanoseconds a clock
     */
    public static PassTime measureForwards(
            Network network, Inputs inputs, Networks networks, LongSupplier nanoseconds) {
        var estimate = new GradientEstimate(2, GradientEstimate.DEFAULT_RADIUS);
        var settings =
                InversionSettings.REFERENCE.with(
                        SearchOption.ESTIMATE_GRADIENTS, estimate.toString());
        double step = measure(network, inputs, networks, nanoseconds, settings).seconds;
        return new PassTime(step / (estimate.samples() + 1));
    }

    private static PassTime measure(
            Network network,
            Inputs inputs,
            Networks networks,
            LongSupplier nanoseconds,
            InversionSettings settings) {
        try (var cut =
                SearchedNetworks.of(network, inputs.shape(), inputs.count(), settings, networks)) {
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
     * The seconds that a search takes at most: of one that needs no gradients, where this is the
     * time of forward passes.
     *
     * @param settings how to search
     * @param inputs how many are searched
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
