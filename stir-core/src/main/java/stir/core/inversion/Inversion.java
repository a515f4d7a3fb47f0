package stir.core.inversion;

import stir.core.inputs.Inputs;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The invariant inputs that were found for a reference model, and how good they are. An input for
 * which none was found is there too, with a large residual.
 *
 * @since 0.1.0
 */
public final class Inversion {
    private final Inputs invariantInputs;
    private final double[] residuals;
    private final int[] passes;
    private final double[] moved;
    private final double[] movedAtLeast;
    private final int[] restarts;
    private final List<ResidualPoint> course;
    private final boolean fakeRelu;

    /**
     * Takes ownership of the arrays.
     *
     * @param invariantInputs one for each input, in the inputs' order
     * @param residuals each row's relative distance, at least 0
     * @param passes the forward and backward passes that were spent on each row
     * @param moved each row's Euclidean distance from the (clamped) seed that it began from first
     * @param movedAtLeast how far from that seed each row has to lie at least, to first order; NaN
     *     where that is not known
     * @param restarts how often each row was stuck and began again from another seed
     * @param course how the residuals came down, by the number of passes
     * @param fakeRelu whether a fake ReLU was in effect
     */
    public Inversion(
            Inputs invariantInputs,
            double[] residuals,
            int[] passes,
            double[] moved,
            double[] movedAtLeast,
            int[] restarts,
            List<ResidualPoint> course,
            boolean fakeRelu) {
        for (double residual : residuals) {
            if (!(residual >= 0)) { // so written that NaN is refused too
                throw new IllegalArgumentException("A residual is at least 0, not " + residual);
            }
        }
        if (residuals.length != invariantInputs.count()
                || passes.length != residuals.length
                || moved.length != residuals.length
                || movedAtLeast.length != residuals.length
                || restarts.length != residuals.length) {
            throw new IllegalArgumentException("Rows and residuals differ in number");
        }
        this.invariantInputs = invariantInputs;
        this.residuals = residuals;
        this.passes = passes;
        this.moved = moved;
        this.movedAtLeast = movedAtLeast;
        this.restarts = restarts;
        this.course = List.copyOf(course);
        this.fakeRelu = fakeRelu;
    }

    /**
     * The invariant inputs, one for each input and in their order. They are read on demand: from
     * memory, or from the folder that the search was kept in. So memory need not hold all of them,
     * and they can be given to another search or comparison as inputs.
     */
    public Inputs invariantInputs() {
        return invariantInputs;
    }

    /** The number of inputs. */
    public int count() {
        return residuals.length;
    }

    /** The relative distance {@code ||m(x') - m(x)|| / ||m(x)||} that remained for an input. */
    public double residual(int index) {
        return residuals[index];
    }

    /** The mean residual. */
    public double meanResidual() {
        return Arrays.stream(residuals).average().orElse(0);
    }

    /** The median residual. */
    public double medianResidual() {
        double[] sorted = residuals.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The largest residual. */
    public double maxResidual() {
        return Arrays.stream(residuals).max().orElse(0);
    }

    /**
     * How the residuals came down: after 1, 2, 3, 4, 6, 8, 12 and so on passes, and after the last.
     * Empty if the search did not go step by step, each input for itself.
     */
    public List<ResidualPoint> course() {
        return course;
    }

    /** The share of inputs, from 0 to 1, whose residual is at most the tolerance. */
    public double converged(double tolerance) {
        return Arrays.stream(residuals).filter(residual -> residual <= tolerance).count()
                / (double) count();
    }

    /** The forward and backward passes that were spent on an input. */
    public int passes(int index) {
        return passes[index];
    }

    /** The mean number of passes. */
    public double meanPasses() {
        return Arrays.stream(passes).average().orElse(0);
    }

    /**
     * How far an input moved from its seed, the first one if it was restarted: the Euclidean
     * distance in pixel space.
     */
    public double moved(int index) {
        return moved[index];
    }

    /** The mean of {@link #moved}. */
    public double meanMoved() {
        return Arrays.stream(moved).average().orElse(0);
    }

    /**
     * How far from its seed an input has to lie at least: no point whose representation agrees
     * within the tolerance lies nearer, were the reference linear around the invariant input. Where
     * it is not, there may be nearer ones, or none as near. {@link Optimizer#THOROUGH} tells it of
     * inputs that it found, unless its iterations ran out, the seed lies outside of the ball, or
     * steps for photos were taken ({@link Optimizer#FAST}).
     *
     * @return empty if the search did not tell
     */
    public OptionalDouble movedAtLeast(int index) {
        return Double.isNaN(movedAtLeast[index])
                ? OptionalDouble.empty()
                : OptionalDouble.of(movedAtLeast[index]);
    }

    /**
     * The share of its way, from 0 to 1, by which an invariant input could lie nearer to its seed
     * at most, to first order: the mean over the inputs of which {@link #movedAtLeast} is known.
     *
     * @return empty if it is known of none
     */
    public OptionalDouble meanNearer() {
        return nearerKnownOf()
                .mapToDouble(i -> moved[i] > 0 ? Math.max(0, 1 - movedAtLeast[i] / moved[i]) : 0)
                .average();
    }

    /** The number of inputs of which {@link #movedAtLeast} is known. */
    public int nearerKnown() {
        return (int) nearerKnownOf().count();
    }

    private IntStream nearerKnownOf() {
        return IntStream.range(0, count()).filter(i -> !Double.isNaN(movedAtLeast[i]));
    }

    /** How often the search for an input was stuck and began again from another seed. */
    public int restarts(int index) {
        return restarts[index];
    }

    /** The number of inputs whose search was stuck and began again at least once. */
    public int restarted() {
        return (int) Arrays.stream(restarts).filter(times -> times > 0).count();
    }

    /** Whether a ReLU before the layer passed gradients unchanged. */
    public boolean fakeRelu() {
        return fakeRelu;
    }
}
