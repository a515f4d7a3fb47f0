package stir.core.network;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import stir.api.Batch;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Remedy;
import stir.core.math.random.KeyedRandom;

/**
 * A reason why a network is not a function of its input.
 *
 * @since 0.1.0
 */
public enum Inconsistency {
    /** The same inputs have other representations in another pass. */
    CHANGING(
            "changing-network",
            "the same inputs have another representation the second time, as with active dropout or a counter in the network"),
    /** The representation of an input depends on the other inputs of its pass. */
    MIXING(
            "mixing-network",
            "an input's representation depends on the other inputs of its batch, as with batch normalisation in training mode"),
    /** Passes draw random numbers, though the few that were compared do not differ. */
    RANDOM("random-network", "its passes draw random numbers");

    /** The largest relative difference of equal passes: the same kernels hardly differ. */
    private static final double EQUAL_PASS = 1e-4;

    /**
     * The largest relative difference between equal rows, because other kernels round differently.
     */
    private static final double EQUAL_ROW = 1e-3;

    /**
     * The same for passes of other sizes, because half precision rounds by up to some thousandths.
     */
    private static final double EQUAL_ROW_OF_OTHER_SIZE = 1e-2;

    /**
     * The smallest norm that differences are divided by, as a share of the largest one of the first
     * pass: a row of zeros, as after a ReLU, has no size of its own.
     */
    private static final double NEGLIGIBLE = 1e-3;

    /**
     * The number of passes that are compared with the first pass. The last two are smaller, by one
     * row as passes of a search are, and by a third.
     */
    private static final int TRIALS = 4;

    private final String kind;
    private final String reason;

    Inconsistency(String kind, String reason) {
        this.kind = kind;
        this.reason = reason;
    }

    /** Returns the kind of its caution, which documents hold. */
    public String kind() {
        return kind;
    }

    /** Returns the reason of a kind; empty if there is none of that kind. */
    public static Optional<Inconsistency> ofKind(String kind) {
        return Arrays.stream(values()).filter(one -> one.kind.equals(kind)).findFirst();
    }

    /** Returns the sentence about a network, without a full stop. */
    public String sentence(String network) {
        return "%s is not a function of its input, because %s: call model.eval() before exporting"
                .formatted(network, reason);
    }

    /** Returns the exception for a network. */
    public DataException refusal(String network) {
        return new DataException(sentence(network) + ", or allow inconsistent networks.", Remedy.ALLOW_INCONSISTENT);
    }

    /** Returns the caution about a network. */
    public Caution caution(String network) {
        return Caution.of(kind, Map.of("models", network));
    }

    /**
     * Returns the exception for a network whose repeated rows differ.
     *
     * @param layer the layer of the passes
     * @param difference the largest relative difference
     */
    public static DataException refusal(String network, String layer, double difference) {
        return new DataException(
                "%s is not a function of its input, because an input that was passed again differs at '%s' by %.2g of its norm or of the largest, as with dropout, a counter in the network, or rows that depend on each other: call model.eval() before exporting."
                        .formatted(network, layer, difference));
    }

    /**
     * Examines a network by five passes, of three sizes; if they differ, two more determine the
     * reason. Each pass has a few of the rows at other places, among other rows.
     *
     * @param represent the function that returns the representations of inputs
     * @param inputs the inputs, at least three; not changed
     * @return empty if the network is a function of these inputs, or some of their values are NaN
     */
    public static Optional<Inconsistency> of(UnaryOperator<Batch> represent, Batch inputs) {
        return of(represent, inputs, () -> false);
    }

    /**
     * Examines a network as {@link #of(UnaryOperator, Batch)} does, and by whether its passes draw
     * random numbers.
     *
     * @param draws whether a pass since the previous call has drawn random numbers
     */
    public static Optional<Inconsistency> of(UnaryOperator<Batch> represent, Batch inputs, BooleanSupplier draws) {
        var unused = draws.getAsBoolean(); // in passes of other networks
        var difference = byPasses(represent, inputs);
        return difference.isEmpty() && draws.getAsBoolean() ? Optional.of(RANDOM) : difference;
    }

    private static Optional<Inconsistency> byPasses(UnaryOperator<Batch> represent, Batch inputs) {
        var first = represent.apply(inputs);
        var norms = new double[first.rows()];
        Norm.L2.norms(first, norms);
        double least =
                NEGLIGIBLE * Arrays.stream(norms).filter(Double::isFinite).max().orElse(0);
        for (int trial = 0; trial < TRIALS; trial++) {
            int rows = rows(trial, inputs.rows());
            boolean isSmaller = rows < inputs.rows();
            var places = KeyedRandom.derangement(trial, rows);
            int[] kept = KeyedRandom.choice(trial, rows, Math.max(1, rows / 3), rows);
            var others = amongOthers(inputs, places, kept);
            var second = represent.apply(others);
            double mixed = 0;
            for (int row : kept) {
                mixed = Math.max(mixed, difference(first, row, second, places[row], least));
            }
            if (mixed > EQUAL_PASS) {
                if (differ(second, represent.apply(others), least) || differ(first, represent.apply(inputs), least)) {
                    return Optional.of(CHANGING);
                }
                if (mixed > (isSmaller ? EQUAL_ROW_OF_OTHER_SIZE : EQUAL_ROW)) {
                    return Optional.of(MIXING);
                }
            }
        }
        return Optional.empty();
    }

    private static int rows(int trial, int most) {
        return switch (trial) {
            case TRIALS - 1 -> most * 2 / 3;
            case TRIALS - 2 -> most - 1;
            default -> most;
        };
    }

    /**
     * Returns a pass of rows at other places, most of them with other values: reversed, to change
     * each value, and halved, to change means over a batch.
     */
    private static Batch amongOthers(Batch inputs, int[] places, int[] kept) {
        int width = inputs.rowSize();
        var changed = Batch.allocate(places.length, inputs.rowShape());
        for (int row = 0; row < places.length; row++) {
            boolean isKept = Arrays.binarySearch(kept, row) >= 0;
            for (int i = 0; i < width; i++) {
                float value = isKept ? inputs.get(row, i) : inputs.get(row, width - 1 - i) / 2;
                changed.set(places[row], i, value);
            }
        }
        return changed;
    }

    private static boolean differ(Batch a, Batch b, double least) {
        for (int row = 0; row < a.rows(); row++) {
            if (difference(a, row, b, row, least) > EQUAL_PASS) {
                return true;
            }
        }
        return false;
    }

    private static double difference(Batch a, int row, Batch b, int other, double least) {
        var distance = new double[1];
        var norm = new double[1];
        var one = a.slice(row, row + 1);
        Norm.L2.distances(one, b.slice(other, other + 1), distance);
        Norm.L2.norms(one, norm);
        return distance[0] == 0 ? 0 : distance[0] / Math.max(norm[0], least);
    }
}
