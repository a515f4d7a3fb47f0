package stir.core.inversion;

import stir.core.inputs.Inputs;
import stir.core.math.statistics.Summary;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The invariant inputs that a search found for a reference model, and their quality. An input for
 * which the search found none has a row too, with a large residual.
 *
 * @since 0.1.0
 */
public final class Inversion {
    /** The mean distance from the inputs up to which a search has found the inputs themselves. */
    public static final double SAME_INPUTS = 0.02;

    private final Inputs invariantInputs;
    private final double[] residuals;
    private final int[] passes;
    private final double[] moved;
    private final double[] movedAtLeast;
    private final int[] restarts;
    private final double[] distances;
    private final List<TracePoint> trace;
    private final boolean fakeRelu;

    /**
     * Creates a result. Takes ownership of the arrays.
     *
     * @param invariantInputs one per input, in the inputs' order
     * @param residuals the relative distance of each row, at least 0
     * @param passes the forward and backward passes of each row
     * @param moved the Euclidean distance of each row from its first (clamped) seed
     * @param movedAtLeast a lower bound of that distance, to first order; NaN where it is unknown
     * @param restarts how often the search of each row was stuck and began again from another seed
     * @param distances the relative Euclidean distance of each row from its input; NaN where it is
     *     unknown
     * @param trace the residuals by the number of passes
     * @param fakeRelu whether a fake ReLU was in effect
     */
    public Inversion(
            Inputs invariantInputs,
            double[] residuals,
            int[] passes,
            double[] moved,
            double[] movedAtLeast,
            int[] restarts,
            double[] distances,
            List<TracePoint> trace,
            boolean fakeRelu) {
        for (double residual : residuals) {
            if (!(residual >= 0)) { // negated so that NaN is rejected, too
                throw new IllegalArgumentException("A residual is at least 0, not " + residual);
            }
        }
        if (residuals.length != invariantInputs.count()
                || passes.length != residuals.length
                || moved.length != residuals.length
                || movedAtLeast.length != residuals.length
                || restarts.length != residuals.length
                || distances.length != residuals.length) {
            throw new IllegalArgumentException("Rows and residuals differ in number");
        }
        this.invariantInputs = invariantInputs;
        this.residuals = residuals;
        this.passes = passes;
        this.moved = moved;
        this.movedAtLeast = movedAtLeast;
        this.restarts = restarts;
        this.distances = distances;
        this.trace = List.copyOf(trace);
        this.fakeRelu = fakeRelu;
    }

    /**
     * Returns the invariant inputs, one per input and in their order. They are read on demand, from
     * memory or from the folder of the search: so memory need not hold all of them, and another
     * search or comparison can use them as inputs.
     */
    public Inputs invariantInputs() {
        return invariantInputs;
    }

    /** Returns the number of inputs. */
    public int count() {
        return residuals.length;
    }

    /** Returns the relative distance {@code ||m(x') - m(x)|| / ||m(x)||} of an input. */
    public double residual(int index) {
        return residuals[index];
    }

    /** Returns the mean residual. */
    public double meanResidual() {
        return Arrays.stream(residuals).average().orElse(0);
    }

    /** Returns the median residual. */
    public double medianResidual() {
        double[] sorted = residuals.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns the largest residual. */
    public double maxResidual() {
        return Arrays.stream(residuals).max().orElse(0);
    }

    /**
     * Returns the convergence trace: residuals after 1, 2, 3, 4, 6, 8, 12 and so on passes, and
     * after the last. Empty if the method does not optimise inputs independently, step by step.
     */
    public List<TracePoint> trace() {
        return trace;
    }

    /** Returns the share of inputs, from 0 to 1, whose residual is at most the tolerance. */
    public double converged(double tolerance) {
        return Arrays.stream(residuals).filter(residual -> residual <= tolerance).count()
                / (double) count();
    }

    /** Returns the forward and backward passes of an input. */
    public int passes(int index) {
        return passes[index];
    }

    /** Returns the mean number of passes. */
    public double meanPasses() {
        return Arrays.stream(passes).average().orElse(0);
    }

    /**
     * Returns the Euclidean distance of an invariant input from its seed in pixel space; after a
     * restart, from the first one.
     */
    public double moved(int index) {
        return moved[index];
    }

    /** Returns the mean of {@link #moved}. */
    public double meanMoved() {
        return Arrays.stream(moved).average().orElse(0);
    }

    /**
     * Returns the relative distance {@code ||x' - x|| / ||x||} of an invariant input from its
     * input, in pixel space before any normalisation, of values of the inputs' range.
     *
     * @return empty if it is unknown, or if the input is zero everywhere
     */
    public OptionalDouble distanceFromInput(int index) {
        return Double.isNaN(distances[index])
                ? OptionalDouble.empty()
                : OptionalDouble.of(distances[index]);
    }

    /** Returns the mean of {@link #distanceFromInput}; empty if it is unknown for all inputs. */
    public OptionalDouble meanDistanceFromInput() {
        return distancesFromInputs()
                .map(found -> OptionalDouble.of(found.mean()))
                .orElse(OptionalDouble.empty());
    }

    /** Returns a summary of {@link #distanceFromInput}; empty if it is unknown for all inputs. */
    public Optional<Summary> distancesFromInputs() {
        return Summary.of(
                Arrays.stream(distances).filter(distance -> !Double.isNaN(distance)).toArray());
    }

    /**
     * Returns whether the invariant inputs are the inputs themselves, within {@link #SAME_INPUTS}.
     */
    public boolean isNearInputs() {
        return meanDistanceFromInput().orElse(Double.POSITIVE_INFINITY) <= SAME_INPUTS;
    }

    /**
     * Returns whether the search could leave the inputs and found the inputs themselves: the
     * reference's layer ignores nothing, so there is no invariance to share.
     *
     * @param search the settings of the search
     */
    public boolean ignoresNothing(InversionSettings search) {
        return isNearInputs() && search.mayLeaveInputs();
    }

    /**
     * Returns a lower bound of {@link #moved}: if the reference were linear around the invariant
     * input, no point whose representation agrees within the tolerance would be nearer to the seed.
     * Where the reference is not linear, nearer points may exist, or none as near. {@link
     * Optimizer#THOROUGH} computes the bound for inputs that it found, unless its iterations ran
     * out, the seed is outside the ball, or steps for photos were taken ({@link Optimizer#FAST}).
     *
     * @return empty if the search did not compute it
     */
    public OptionalDouble movedAtLeast(int index) {
        return Double.isNaN(movedAtLeast[index])
                ? OptionalDouble.empty()
                : OptionalDouble.of(movedAtLeast[index]);
    }

    /**
     * Returns the largest share, from 0 to 1, of its distance from the seed by which an invariant
     * input could be nearer, to first order: the mean over the inputs with {@link #movedAtLeast}.
     *
     * @return empty if it is unknown for all
     */
    public OptionalDouble meanNearer() {
        return nearerKnownOf()
                .mapToDouble(i -> moved[i] > 0 ? Math.max(0, 1 - movedAtLeast[i] / moved[i]) : 0)
                .average();
    }

    /** Returns the number of inputs with {@link #movedAtLeast}. */
    public int nearerKnown() {
        return (int) nearerKnownOf().count();
    }

    private IntStream nearerKnownOf() {
        return IntStream.range(0, count()).filter(i -> !Double.isNaN(movedAtLeast[i]));
    }

    /** Returns how often the search for an input was stuck and began again from another seed. */
    public int restarts(int index) {
        return restarts[index];
    }

    /** Returns the number of inputs whose search was stuck and began again at least once. */
    public int restarted() {
        return (int) Arrays.stream(restarts).filter(times -> times > 0).count();
    }

    /** Returns whether a ReLU before the layer passed gradients unchanged. */
    public boolean fakeRelu() {
        return fakeRelu;
    }
}
