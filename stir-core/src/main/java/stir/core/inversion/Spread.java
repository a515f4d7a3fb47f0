package stir.core.inversion;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import stir.api.Batch;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.math.linalg.Vectors;

/**
 * Several invariant inputs per input that are far from each other: its members. Distances are
 * Euclidean, in shares of the inputs' range. Distances between members exclude members that did not
 * converge.
 *
 * @since 0.1.0
 */
public final class Spread {
    private static final int MOST_MEMBERS = 100;

    private final List<Inversion> members;
    private final double within;
    private final double[][] fromInput;
    private final double[][] nearest;
    private final double[] apart;

    private Spread(List<Inversion> members, double within, int inputs) {
        this.members = List.copyOf(members);
        this.within = within;
        this.fromInput = new double[members.size()][inputs];
        this.nearest = new double[members.size()][inputs];
        this.apart = new double[inputs];
    }

    /**
     * Returns the settings of the searches of a spread.
     *
     * @param settings the settings of a search, without a seed of its own
     * @param members the number of members
     * @throws UsageException if that number is out of range, if the settings choose a seed, or if
     *     their optimiser is not attracted to it
     */
    public static InversionSettings settings(InversionSettings settings, int members) {
        if (members < 2 || members > MOST_MEMBERS) {
            throw new UsageException(
                    "A spread has from 2 to %d invariant inputs per input, not %d.".formatted(MOST_MEMBERS, members));
        }
        var seed = settings.seed();
        if (!seed.equals(InversionSettings.DEFAULT.seed()) && !(seed instanceof Seed.Far)) {
            throw new UsageException(
                    "A spread chooses its seeds itself: leave the seed %s out.".formatted(seed.text()));
        }
        return settings.withSeed(new Seed.Far(false));
    }

    /**
     * Returns a spread.
     *
     * @param inputs the inputs of the searches
     * @param members one result of all inputs each
     * @param within the residual up to which a member has converged
     */
    public static Spread of(Inputs inputs, List<Inversion> members, double within) {
        var spread = new Spread(members, within, inputs.count());
        var row = Batch.allocate(1, inputs.shape());
        for (int i = 0; i < inputs.count(); i++) {
            inputs.read(i, row, 0);
            var input = row.toArray();
            var points = new float[members.size()][];
            for (int k = 0; k < points.length; k++) {
                members.get(k).invariantInputs().read(i, row, 0);
                points[k] = row.toArray();
            }
            spread.measure(i, input, points);
        }
        return spread;
    }

    private void measure(int index, float[] input, float[][] points) {
        double sum = 0;
        int pairs = 0;
        for (int k = 0; k < points.length; k++) {
            fromInput[k][index] = distance(points[k], input);
            nearest[k][index] = Double.NaN;
            for (int other = 0; other < k; other++) {
                if (isConverged(k, index) && isConverged(other, index)) {
                    double distance = distance(points[k], points[other]);
                    nearest[k][index] = smaller(nearest[k][index], distance);
                    nearest[other][index] = smaller(nearest[other][index], distance);
                    sum += distance;
                    pairs++;
                }
            }
        }
        apart[index] = sum / pairs; // NaN without pairs
    }

    /** Returns the smaller distance; the second one if the first is not known. */
    private static double smaller(double known, double distance) {
        return known <= distance ? known : distance;
    }

    private static double distance(float[] one, float[] other) {
        return Math.sqrt(Vectors.squaredDistance(one, other));
    }

    /** Returns the members: of each all inputs. */
    public List<Inversion> members() {
        return members;
    }

    /**
     * Returns whether the residual of a member is one of an invariant input.
     *
     * @param member the member, from 0
     * @param index the input, from 0
     */
    public boolean isConverged(int member, int index) {
        return members.get(member).residual(index) <= within;
    }

    /** Returns the number of members, over all inputs, that converged. */
    public int converged() {
        int converged = 0;
        for (int k = 0; k < members.size(); k++) {
            for (int i = 0; i < apart.length; i++) {
                converged += isConverged(k, i) ? 1 : 0;
            }
        }
        return converged;
    }

    /**
     * Returns the distance of a member from its input.
     *
     * @param member the member, from 0
     * @param index the input, from 0
     * @return the Euclidean distance of the points in [0,1]
     */
    public double fromInput(int member, int index) {
        return fromInput[member][index];
    }

    /**
     * Returns the distance from a member to the nearest other member; empty if either did not
     * converge.
     *
     * @param member the member, from 0
     * @param index the input, from 0
     * @return the Euclidean distance of the points in [0,1]
     */
    public OptionalDouble nearest(int member, int index) {
        return mean(nearest[member][index]);
    }

    /** Returns the mean distance of two members of an input, averaged over the inputs. */
    public OptionalDouble meanApart() {
        return mean(apart);
    }

    /** Returns the mean distance from a member to the nearest other member. */
    public OptionalDouble meanNearest() {
        return mean(Arrays.stream(nearest).flatMapToDouble(Arrays::stream).toArray());
    }

    /** Returns the mean of the values that are known. */
    private static OptionalDouble mean(double... values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).average();
    }
}
