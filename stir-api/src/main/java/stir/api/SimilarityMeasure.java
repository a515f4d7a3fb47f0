package stir.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A measure of the similarity of two representations of the same inputs. Found by {@link
 * java.util.ServiceLoader}; an author writes this one class and tests it by extending {@code
 * stir.api.contract.SimilarityMeasureContract} from {@code stir-api}'s test-jar.
 *
 * <p>Implementations are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public interface SimilarityMeasure {
    /**
     * Returns the identifier that users write: lower case, words joined by hyphens, the same on
     * every call; for example {@code linear-cka}.
     */
    String id();

    /** Returns a one-line description for lists: the measure and its source. */
    String description();

    /**
     * Returns the word under which lists group the measure; one of plug-ins unless it has another.
     */
    default String family() {
        return "plug-ins";
    }

    /** Returns the range and direction of the measure's values. */
    Scale scale();

    /** Returns the smallest number of rows for which the measure is defined; at least 1. */
    default int minimumRows() {
        return 2;
    }

    /**
     * Returns whether the two matrices must have the same number of columns, because columns are
     * compared pairwise.
     */
    default boolean needsEqualWidths() {
        return false;
    }

    /**
     * Returns the number of other inputs that the measure selects per input, such as its nearest
     * neighbours or the rest of its batch; 0, the default, if all inputs count.
     *
     * <p>A positive number changes the estimate of a value's uncertainty: leaving out one input
     * changes the selection of many others, so the jackknife would overestimate the uncertainty.
     * Halves of the inputs are compared instead, if there are at least 20 inputs per selected one
     * and all rows fit into memory.
     */
    default int neighbours() {
        return 0;
    }

    /**
     * Returns whether the uncertainty of a value can be computed from values for parts of the
     * inputs. False for a measure that has the same value for nearly every sample and a different
     * value for a few, such as a count of rare events: an interval would contain only the usual
     * value. Such a measure is reported without an interval.
     */
    default boolean hasInterval() {
        return true;
    }

    /** Returns whether {@code compare(a, b)} equals {@code compare(b, a)}. */
    default boolean isSymmetric() {
        return true;
    }

    /**
     * Returns the parameters of {@link #with}, each with a one-line explanation that includes its
     * default.
     */
    default Map<String, String> parameters() {
        return Map.of();
    }

    /**
     * Returns this measure with other parameters; those not given keep their value.
     *
     * @param values the values as text, by the names that {@link #parameters} lists
     * @return a measure with the same {@link #id}
     * @throws UsageException if a name is unknown or a value out of its range; the message lists
     *     the valid ones
     */
    default SimilarityMeasure with(Map<String, String> values) {
        if (values.isEmpty()) {
            return this;
        }
        throw new UsageException("The measure '%s' has no parameter '%s': it takes no parameters."
                .formatted(id(), values.keySet().iterator().next()));
    }

    /**
     * Returns the reasons not to trust a value for matrices of these sizes, without a measure's
     * name; empty if there are none. An example is a measure that is always 1 if there are no more
     * inputs than features.
     */
    default List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return List.of();
    }

    /**
     * Compares two representations.
     *
     * <p>The caller has checked that the matrices have the same number of rows, at least {@link
     * #minimumRows}, that all values are finite, and, if {@link #needsEqualWidths}, that the widths
     * are the same.
     *
     * @param a one row per input
     * @param b the same inputs, in the same order
     * @return a value on the {@link #scale}; never NaN
     * @throws DataException if the measure is not defined for these matrices, for example because a
     *     representation is the same for every input
     */
    double compare(Matrix a, Matrix b);

    /**
     * Returns this measure as a function of a selection of rows, for resampling. Work that all
     * selections share may be done here, once. This default compares the selected rows.
     *
     * @param a one row per input
     * @param b the same inputs, in the same order
     * @return a function of row indices in ascending order, which returns the value of {@link
     *     #compare} for those rows (up to rounding), or throws its exceptions
     */
    default ToDoubleFunction<int[]> ofRows(Matrix a, Matrix b) {
        return rows -> compare(a.select(rows), b.select(rows));
    }

    /**
     * Returns this measure as a function of the order in which rows are paired, if an order costs
     * little once the work that all orders share is done. Stir uses it for the shuffled baseline.
     * Empty, the default, if an order costs as much as {@link #compare}; Stir then evaluates fewer
     * orders.
     *
     * @param a one row per input
     * @param b the same inputs, in the same order
     * @return a function of an order, which returns the value of {@link #compare} for the rows of
     *     {@code a} and the rows {@code order[0]}, {@code order[1]}, ... of {@code b} (up to
     *     rounding)
     * @throws DataException as {@link #compare}
     */
    default Optional<ToDoubleFunction<int[]>> ofOrders(Matrix a, Matrix b) {
        return Optional.empty();
    }

    /**
     * Creates an accumulator that computes the value of {@link #compare} (up to rounding) from
     * batches of rows, with memory that does not grow with the number of inputs; empty if the
     * measure has none.
     */
    default Optional<Accumulator> accumulator(int columnsOfA, int columnsOfB) {
        return Optional.empty();
    }

    /**
     * Returns the memory in bytes that {@link #accumulator} would need for representations of these
     * widths; 0 if the measure has none.
     */
    default long accumulatorBytes(int columnsOfA, int columnsOfB) {
        return 0;
    }

    /** A collector of row batches from the two representations. Not thread-safe. */
    interface Accumulator {
        /** Adds the next rows of the two representations, for the same inputs in the same order. */
        void add(Matrix a, Matrix b);

        /**
         * Returns the measure over all rows added so far.
         *
         * @throws DataException as {@link SimilarityMeasure#compare}
         */
        double value();
    }

    /**
     * An accumulator that can be merged with another, so that Stir can compute intervals for many
     * inputs. {@link #accumulator} may return one.
     */
    interface MergingAccumulator extends Accumulator {
        /**
         * Appends the rows of another accumulator. Merging into an empty accumulator reproduces the
         * other's value bit for bit.
         *
         * @param following an accumulator of the same measure and widths, which keeps its rows
         */
        void merge(MergingAccumulator following);
    }
}
