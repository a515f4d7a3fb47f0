package stir.core.network;

import stir.api.Batch;
import stir.api.Caution;
import stir.api.Norm;

import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
            "an input's representation depends on the other inputs of its batch, as with batch normalisation in training mode");

    /** The largest relative difference of equal passes: the same kernels hardly differ. */
    private static final double EQUAL_PASS = 1e-4;

    /** The largest relative difference of equal rows, since other kernels round differently. */
    private static final double EQUAL_ROW = 1e-3;

    private final String code;
    private final String reason;

    Inconsistency(String code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** Returns the sentence about a network, without a full stop. */
    public String sentence(String network) {
        return "%s is not a function of its input, since %s: call model.eval() before exporting"
                .formatted(network, reason);
    }

    /** Returns the caution about a network. */
    public Caution caution(String network) {
        return Caution.of(code, Map.of("models", network));
    }

    /**
     * Examines a network by two passes; two more determine the reason where they differ.
     *
     * @param represent the function that returns the representations of inputs
     * @param inputs the inputs, at least three; not changed
     * @return empty if the network is a function of these inputs, or some of their values are NaN
     */
    public static Optional<Inconsistency> of(UnaryOperator<Batch> represent, Batch inputs) {
        var first = represent.apply(inputs);
        var others = amongOthers(inputs);
        var second = represent.apply(others);
        int last = inputs.rows() - 1;
        double mixed = 0;
        for (int row = 0; row <= last; row++) {
            if (isKept(row, last)) {
                mixed = Math.max(mixed, difference(first, row, second, last - row));
            }
        }
        if (!(mixed > EQUAL_PASS)) {
            return Optional.empty();
        }
        if (differ(second, represent.apply(others)) || differ(first, represent.apply(inputs))) {
            return Optional.of(CHANGING);
        }
        return mixed > EQUAL_ROW ? Optional.of(MIXING) : Optional.empty();
    }

    /** Returns whether the second pass has a row unchanged: few, and not the ends of the batch. */
    private static boolean isKept(int row, int last) {
        return row % 4 == 1 && row < last;
    }

    /**
     * Returns the rows in reverse order, most of them with other values: reversed, so that each
     * value differs, and halved, so that means over a batch do.
     */
    private static Batch amongOthers(Batch inputs) {
        int last = inputs.rows() - 1;
        int width = inputs.rowSize();
        var changed = Batch.allocate(inputs.rows(), inputs.rowShape());
        for (int row = 0; row <= last; row++) {
            boolean isKept = isKept(row, last);
            for (int i = 0; i < width; i++) {
                float value = isKept ? inputs.get(row, i) : inputs.get(row, width - 1 - i) / 2;
                changed.set(last - row, i, value);
            }
        }
        return changed;
    }

    private static boolean differ(Batch a, Batch b) {
        for (int row = 0; row < a.rows(); row++) {
            if (difference(a, row, b, row) > EQUAL_PASS) {
                return true;
            }
        }
        return false;
    }

    private static double difference(Batch a, int row, Batch b, int other) {
        var distance = new double[1];
        var norm = new double[1];
        var one = a.slice(row, row + 1);
        Norm.L2.distances(one, b.slice(other, other + 1), distance);
        Norm.L2.norms(one, norm);
        return distance[0] == 0 ? 0 : distance[0] / norm[0];
    }
}
