package stir.core.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.PairValues;
import stir.core.math.random.KeyedRandom;

/**
 * The representation topology divergence (RTD): the total range of thresholds over which inputs
 * that are connected in one representation are connected differently in the other.
 *
 * <pre>( RTD_1(A, B) + RTD_1(B, A) ) / 2</pre>
 *
 * with the total length of the bars of dimension 1 in the R-Cross-Barcode of the two matrices of
 * Euclidean distances, each divided by the 0.9 quantile of its n x n values. A distance from 0
 * upwards that grows with the number of inputs: only values for the same number of inputs are
 * comparable. Unlike {@code imd} it compares single inputs. Unchanged by rotation, translation and
 * isotropic scaling. Source: Barannikov, Trofimov, Balabin and Burnaev 2022, Representation
 * topology divergence (ICML), and its code.
 *
 * <p>For more inputs than {@code batch}, by default 500, the value is a mean over {@code trials}
 * random batches of that size, as in the published code, and depends on the order of the inputs.
 * The random numbers are keyed by {@code rng-seed}. A batch of 500 takes a second or two, and time
 * grows with at least the third power of its size; a batch may have at most 4000 inputs. Accurate
 * to 1e-9, as {@linkplain stir.core.measure the package} defines.
 */
public final class TopologyDivergence extends BuiltInMeasure {
    private static final int MAX_BATCH = 4000;
    private static final double QUANTILE = 0.9;

    private final int batch;
    private final int trials;
    private final int rngSeed;

    public TopologyDivergence() {
        this(Parameters.NONE
                .andInteger("batch", "the largest number of inputs at once", 500, 4)
                .andInteger("trials", "random batches, if there are more inputs", 10, 1)
                .andInteger("rng-seed", "the seed of the batches' random numbers", 0, 0));
    }

    private TopologyDivergence(Parameters parameters) {
        super(
                Family.TOPOLOGY,
                "rtd",
                "Representation topology divergence (Barannikov et al. 2022)",
                Scale.distance(Double.POSITIVE_INFINITY),
                parameters,
                TopologyDivergence::new);
        batch = parameters.integer("batch");
        trials = parameters.integer("trials");
        rngSeed = parameters.integer("rng-seed");
    }

    @Override
    public int minimumRows() {
        return 4;
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return rows > batch
                ? List.of(Caution.of("random-batches", Map.of("batches", trials, "batch_size", batch, "inputs", rows)))
                : List.of();
    }

    @Override
    double value(Matrix a, Matrix b) {
        int taken = Math.min(batch, a.rows());
        checkAtMost(MAX_BATCH, taken, "inputs at once");
        if (taken == a.rows()) {
            return divergence(a, b);
        }
        double sum = 0;
        for (int trial = 0; trial < trials; trial++) {
            var rows = KeyedRandom.choice(rngSeed, trial, taken, a.rows());
            sum += divergence(a.select(rows), b.select(rows));
        }
        return sum / trials;
    }

    private double divergence(Matrix a, Matrix b) {
        var ofA = distances(a, "first");
        var ofB = distances(b, "second");
        return (CrossBarcode.length(ofA, ofB) + CrossBarcode.length(ofB, ofA)) / 2;
    }

    private PairValues distances(Matrix x, String which) {
        varying(x, which);
        var distances = Dissimilarity.EUCLIDEAN.of(id(), x, which);
        double unit = quantile(distances);
        if (unit == 0) {
            throw constant(which);
        }
        return distances.map(distance -> distance / unit);
    }

    /** Returns the quantile of all n x n distances, including the zeros on the diagonal. */
    private static double quantile(PairValues distances) {
        var sorted = distances.values().clone();
        Arrays.sort(sorted);
        int size = distances.size();
        double position = QUANTILE * ((double) size * size - 1);
        var around = IntStream.rangeClosed(0, 1)
                .map(i -> Math.min((int) position + i, size * size - 1))
                .mapToDouble(i -> i < size ? 0 : sorted[(i - size) / 2])
                .toArray();
        return around[0] + (position - Math.floor(position)) * (around[1] - around[0]);
    }
}
