package stir.api;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Tells how similar two representations of the same inputs are. Found by {@link
 * java.util.ServiceLoader}; an author writes this one class and tests it by extending {@code
 * stir.api.contract.SimilarityMeasureContract}, which {@code stir-api}'s test-jar holds.
 *
 * <p>An implementation has no state that changes, and may be used from several threads.
 *
 * @since 0.1.0
 */
public interface SimilarityMeasure {
    /**
     * What users call it: lower case, words joined by hyphens, the same at every call; for example
     * {@code linear-cka}.
     */
    String id();

    /** One line for a list: what it is and where it comes from. */
    String description();

    /** Range and direction of its values. */
    Scale scale();

    /** The fewest rows it is defined for; at least 1. */
    default int minimumRows() {
        return 2;
    }

    /**
     * Whether both matrices need the same number of columns, since it compares column with column.
     */
    default boolean needsEqualWidths() {
        return false;
    }

    /**
     * How many others of each input the measure looks at, where it singles out some: its nearest
     * neighbours, or the rest of its batch. 0, as in this default, if all inputs count. It decides
     * how the uncertainty of a value is found: an input that is left out changes what many others
     * look at, so that leaving out tells too much of it, and halves of the inputs are compared
     * instead, if there are 20 inputs or more for each of these others and all rows fit into
     * memory.
     */
    default int neighbours() {
        return 0;
    }

    /**
     * Whether the values of parts of the inputs tell how uncertain that of all is. False for a
     * measure that is the same number for nearly every sample and another for a few, as one that
     * counts something rare: parts of a sample have the usual number then, and an interval would
     * hold nothing else. Such a measure is reported without an interval.
     */
    default boolean hasInterval() {
        return true;
    }

    /** Whether {@code compare(a, b)} equals {@code compare(b, a)}. */
    default boolean isSymmetric() {
        return true;
    }

    /**
     * The parameters that {@link #with} takes, each with a line that explains it and gives its
     * default.
     */
    default Map<String, String> parameters() {
        return Map.of();
    }

    /**
     * This measure with other parameters; those not given keep their value.
     *
     * @param values texts by the names that {@link #parameters} lists
     * @return a measure whose {@link #id} is unchanged
     * @throws UsageException if a name is unknown or a value out of its range; the message lists
     *     what there is
     */
    default SimilarityMeasure with(Map<String, String> values) {
        if (values.isEmpty()) {
            return this;
        }
        throw new UsageException(
                "The measure '%s' has no parameter '%s': it has none at all."
                        .formatted(id(), values.keySet().iterator().next()));
    }

    /**
     * Returns the reasons not to trust a value for matrices of these sizes, without a measure's
     * name; empty if there are none. An example is a measure that is always 1 when there are at
     * least as many features as inputs.
     */
    default List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return List.of();
    }

    /**
     * Compares two representations.
     *
     * <p>The caller has checked that both have the same number of rows, at least {@link
     * #minimumRows}, that all values are finite, and, if {@link #needsEqualWidths}, that the widths
     * are the same.
     *
     * @param a one row an input
     * @param b the same inputs, in the same order
     * @return a value on the {@link #scale}; never NaN
     * @throws DataException if the measure is not defined for these matrices, for example because a
     *     representation is the same for every input
     */
    double compare(Matrix a, Matrix b);

    /**
     * This measure of choices of rows, for resampling: what many choices need may be prepared here,
     * once. This default compares the chosen rows.
     *
     * @param a one row an input
     * @param b the same inputs, in the same order
     * @return takes indices of rows in ascending order, and gives what {@link #compare} gives for
     *     those rows (up to rounding), errors included
     */
    default ToDoubleFunction<int[]> ofRows(Matrix a, Matrix b) {
        return rows -> compare(a.select(rows), b.select(rows));
    }

    /**
     * This measure of rows that are paired in other orders, where each order costs little once what
     * all share has been prepared: for the floor that shuffled inputs give, by which a value is
     * judged. Empty if an order costs as much as {@link #compare}, as in this default; then it is
     * asked for fewer of them.
     *
     * @param a one row an input
     * @param b the same inputs, in the same order
     * @return takes an order, and gives what {@link #compare} gives for the rows of {@code a} and
     *     the rows {@code order[0]}, {@code order[1]}, ... of {@code b} (up to rounding)
     * @throws DataException as {@link #compare}
     */
    default Optional<ToDoubleFunction<int[]>> ofOrders(Matrix a, Matrix b) {
        return Optional.empty();
    }

    /**
     * A way to reach exactly what {@link #compare} gives (up to rounding) from batches of rows,
     * with memory that does not grow with the number of inputs; empty if the measure has none.
     */
    default Optional<Accumulator> accumulator(int columnsOfA, int columnsOfB) {
        return Optional.empty();
    }

    /**
     * The memory in bytes that {@link #accumulator} takes for representations of these widths,
     * asked before one is made; 0 if the measure has none.
     */
    default long accumulatorBytes(int columnsOfA, int columnsOfB) {
        return 0;
    }

    /** Collects batches of rows of both representations. For one thread at a time. */
    interface Accumulator {
        /** Takes the next rows of both, which are the same inputs in the same order. */
        void add(Matrix a, Matrix b);

        /**
         * The measure over all rows so far.
         *
         * @throws DataException as {@link SimilarityMeasure#compare}
         */
        double value();
    }

    /**
     * An accumulator whose state can be written, and put together with that of other rows: so that
     * many processes share the inputs of one comparison. {@link #accumulator} may return one.
     */
    interface MergingAccumulator extends Accumulator {
        /**
         * Writes the state, for {@link #merge}.
         *
         * @throws IOException if the stream does
         */
        void writeTo(DataOutputStream out) throws IOException;

        /**
         * Takes what an accumulator of the same measure and widths has written, whose rows follow
         * those so far. Where there are none so far, the state is the same as that one's, bit for
         * bit.
         *
         * @throws IOException if the stream does, or what was written is of other widths
         */
        void merge(DataInputStream in) throws IOException;
    }
}
