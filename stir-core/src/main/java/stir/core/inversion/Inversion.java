package stir.core.inversion;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import stir.core.inputs.Inputs;
import stir.core.math.statistics.Summary;

/**
 * The result of a search: the invariant inputs of a reference model, and their quality. An input
 * whose search did not converge also has a row, with a large residual.
 *
 * @param invariantInputs one per input, in the inputs' order. They are read on demand, from memory
 *     or from the search's folder, so they need not fit into memory. Another search or comparison
 *     can use them as inputs
 * @param rows the outcome of each input
 * @param trace the convergence trace: residuals after 1, 2, 3, 4, 6, 8, 12 and so on passes, and
 *     after the last. Empty if the method does not optimise inputs independently, step by step
 * @param fakeRelu whether a ReLU before the layer passed gradients unchanged
 * @since 0.1.0
 */
public record Inversion(Inputs invariantInputs, List<Row> rows, List<TracePoint> trace, boolean fakeRelu) {
    /**
     * The mean distance from the inputs up to which a search counts as having returned the inputs
     * themselves.
     */
    public static final double SAME_INPUTS = 0.02;

    /** Copies the lists and checks that there is a row per input. */
    public Inversion {
        rows = List.copyOf(rows);
        trace = List.copyOf(trace);
        if (rows.size() != invariantInputs.count()) {
            throw new IllegalArgumentException("Rows and inputs differ in number");
        }
    }

    /**
     * The outcome of the search for one input.
     *
     * @param residual the relative distance that remained, at least 0
     * @param passes the forward and backward passes that were spent
     * @param moved the Euclidean distance from the input's first seed, clamped to the box
     * @param movedAtLeast a lower bound of the distance of any invariant input from that seed, to
     *     first order; NaN if it is unknown
     * @param restarts the number of times that the search was stuck and restarted
     * @param distance the relative Euclidean distance from the input, {@code ||x' - x|| / ||x||} of
     *     the inputs' own values; NaN if it is unknown, or if the input is zero everywhere
     */
    public record Row(double residual, int passes, double moved, double movedAtLeast, int restarts, double distance) {
        /** Checks the residual. */
        public Row {
            if (!(residual >= 0)) { // negated so that NaN is rejected, too
                throw new IllegalArgumentException("A residual is at least 0, not " + residual);
            }
        }
    }

    private DoubleStream each(ToDoubleFunction<Row> value) {
        return rows.stream().mapToDouble(value);
    }

    /** Returns the number of inputs. */
    public int count() {
        return rows.size();
    }

    /**
     * Returns the relative distance {@code ||m(x') - m(x)|| / ||m(x)||} of an input, in the norm of
     * the search.
     *
     * @param index from 0 to {@code count() - 1}, as in the other methods with an index
     */
    public double residual(int index) {
        return rows.get(index).residual();
    }

    /** Returns the mean residual; 0 without inputs. */
    public double meanResidual() {
        return each(Row::residual).average().orElse(0);
    }

    /** Returns the median residual. */
    public double medianResidual() {
        double[] sorted = each(Row::residual).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns the largest residual. */
    public double maxResidual() {
        return each(Row::residual).max().orElse(0);
    }

    /** Returns the share of inputs, from 0 to 1, whose residual is at most the tolerance. */
    public double converged(double tolerance) {
        return each(Row::residual).filter(residual -> residual <= tolerance).count() / (double) count();
    }

    /** Returns the number of forward and backward passes that an input took. */
    public int passes(int index) {
        return rows.get(index).passes();
    }

    /** Returns the mean number of passes per input. */
    public double meanPasses() {
        return each(Row::passes).average().orElse(0);
    }

    /**
     * Returns the Euclidean distance of an invariant input from its seed in pixel space; after a
     * restart, from the first seed.
     */
    public double moved(int index) {
        return rows.get(index).moved();
    }

    /** Returns the mean of {@link #moved}. */
    public double meanMoved() {
        return each(Row::moved).average().orElse(0);
    }

    /**
     * Returns the relative distance {@code ||x' - x|| / ||x||} of an invariant input from its
     * input, computed from the inputs' own values before any normalisation.
     *
     * @return empty if it is unknown, or if the input is zero everywhere
     */
    public OptionalDouble distanceFromInput(int index) {
        return known(rows.get(index).distance());
    }

    /** Returns the mean of {@link #distanceFromInput}; empty if it is unknown for all inputs. */
    public OptionalDouble meanDistanceFromInput() {
        return distancesFromInputs()
                .map(summary -> OptionalDouble.of(summary.mean()))
                .orElse(OptionalDouble.empty());
    }

    /** Returns a summary of {@link #distanceFromInput}; empty if it is unknown for all inputs. */
    public Optional<Summary> distancesFromInputs() {
        return Summary.of(
                each(Row::distance).filter(distance -> !Double.isNaN(distance)).toArray());
    }

    /**
     * Returns whether the invariant inputs are the inputs themselves, within {@link #SAME_INPUTS}.
     */
    public boolean isNearInputs() {
        return meanDistanceFromInput().orElse(Double.POSITIVE_INFINITY) <= SAME_INPUTS;
    }

    /**
     * Returns whether the search could move away from the inputs but returned the inputs
     * themselves: the reference's layer ignores nothing, so there is no invariance to share.
     *
     * @param search the settings of the search
     */
    public boolean ignoresNothing(InversionSettings search) {
        return isNearInputs() && search.mayLeaveInputs();
    }

    /**
     * Returns a lower bound of {@link #moved}: if the reference were linear around the invariant
     * input, no point whose representation agrees within the tolerance would be nearer to the seed.
     * If the reference is not linear, the true minimum may be smaller or larger. {@link
     * Optimizer#THOROUGH} computes the bound for inputs that converged, unless its iterations ran
     * out, the seed is outside the ball, or it used the steps for photos ({@link Optimizer#FAST}).
     *
     * @return empty if the search did not compute it
     */
    public OptionalDouble movedAtLeast(int index) {
        return known(rows.get(index).movedAtLeast());
    }

    /**
     * Returns the share, from 0 to 1, of an invariant input's distance from the seed that a better
     * search could save at most, to first order: the mean over the inputs with {@link
     * #movedAtLeast}.
     *
     * @return empty if it is unknown for all
     */
    public OptionalDouble meanNearer() {
        return nearerKnownOf()
                .mapToDouble(row -> row.moved > 0 ? Math.max(0, 1 - row.movedAtLeast / row.moved) : 0)
                .average();
    }

    /** Returns the number of inputs for which {@link #movedAtLeast} is known. */
    public int nearerKnown() {
        return (int) nearerKnownOf().count();
    }

    private Stream<Row> nearerKnownOf() {
        return rows.stream().filter(row -> !Double.isNaN(row.movedAtLeast));
    }

    private static OptionalDouble known(double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * Returns the number of times that the search for an input was stuck and began again from
     * another seed.
     */
    public int restarts(int index) {
        return rows.get(index).restarts();
    }

    /** Returns the number of inputs whose search was stuck and began again at least once. */
    public int restarted() {
        return (int) rows.stream().filter(row -> row.restarts > 0).count();
    }
}
