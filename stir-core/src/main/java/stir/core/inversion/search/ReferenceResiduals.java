package stir.core.inversion.search;

import java.util.ArrayList;
import java.util.List;
import stir.api.Batch;
import stir.api.Norm;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.network.open.Networks;
import stir.core.network.pass.CutNetwork;

/** The mean residual of each reference of a search. */
public final class ReferenceResiduals {
    /** The number of inputs that are compared at a time, to limit memory. */
    private static final int PART = 64;

    private ReferenceResiduals() {}

    /**
     * Returns the mean residual of a network at its layer, and then of each further reference.
     *
     * @param reference the caller retains ownership
     * @param invariant the invariant inputs, one per input
     * @param norm the norm of the distances
     * @param networks the opener of the further references, which are closed again
     */
    public static List<Double> of(Network reference, Inputs inputs, Inputs invariant, Norm norm, Networks networks) {
        var residuals = new ArrayList<Double>();
        residuals.add(mean(reference, inputs, invariant, norm));
        for (var further : reference.spec().references()) {
            try (var network = networks.open(further.spec())) {
                residuals.add(mean(network, inputs, invariant, norm));
            }
        }
        return residuals;
    }

    private static double mean(Network network, Inputs inputs, Inputs invariant, Norm norm) {
        var at = network.on(inputs);
        try (var cut = CutNetwork.withoutGradients(at, inputs, at.batchSize())) {
            double sum = 0;
            for (int from = 0; from < inputs.count(); from += PART) {
                int rows = Math.min(PART, inputs.count() - from);
                var before = Batch.allocate(rows, cut.representationShape());
                var after = Batch.allocate(rows, cut.representationShape());
                cut.represent(inputs, from, before);
                cut.represent(invariant, from, after);
                var distances = new double[rows];
                relativeDistances(norm, before, after, distances);
                for (double distance : distances) {
                    sum += distance;
                }
            }
            return sum / inputs.count();
        }
    }

    /**
     * Writes, for each row, the distance of {@code after} from {@code before}, divided by the norm
     * of {@code before}; NaN where that norm is 0.
     */
    public static void relativeDistances(Norm norm, Batch before, Batch after, double[] into) {
        var norms = new double[before.rows()];
        norm.norms(before, norms);
        norm.distances(after, before, into);
        for (int row = 0; row < norms.length; row++) {
            into[row] = norms[row] > 0 ? into[row] / norms[row] : Double.NaN;
        }
    }
}
