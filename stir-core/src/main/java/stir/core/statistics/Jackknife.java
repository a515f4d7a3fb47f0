package stir.core.statistics;

import org.jspecify.annotations.Nullable;

import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A measure of all inputs and of all but each of some groups of them: what its uncertainty, and
 * that of a difference of two, is computed from. See {@link ConfidenceInterval#of} for how inputs
 * are divided and why.
 *
 * @since 0.1.0
 */
public final class Jackknife {
    /** Into so many groups the inputs are divided; with fewer inputs each is a group. */
    private static final int MOST_GROUPS = 30;

    private static final int FEWEST_GROUPS = 5;

    private final double value;
    private final double[] without;
    private final int rows;
    private final long seed;

    private Jackknife(double value, double[] without, int rows, long seed) {
        this.value = value;
        this.without = without;
        this.rows = rows;
        this.seed = seed;
    }

    /**
     * Computes a measure once for all inputs and once without each group.
     *
     * @param a one row an input
     * @param b the same inputs
     * @param seed of the division into groups; with 30 inputs or fewer it changes nothing
     * @return empty if there are so few inputs that a group can't be left out
     * @throws stir.api.DataException if the measure is not defined for these matrices, or not
     *     without one of the groups
     */
    public static Optional<Jackknife> of(SimilarityMeasure measure, Matrix a, Matrix b, long seed) {
        return of(measure, () -> measure.compare(a, b), a, b, seed);
    }

    /** As {@link #of(SimilarityMeasure, Matrix, Matrix, long)}, where the value is known. */
    public static Optional<Jackknife> of(
            SimilarityMeasure measure, double value, Matrix a, Matrix b, long seed) {
        return of(measure, () -> value, a, b, seed);
    }

    private static Optional<Jackknife> of(
            SimilarityMeasure measure, DoubleSupplier value, Matrix a, Matrix b, long seed) {
        int rows = a.rows();
        int groups = groups(rows);
        int largestGroup = (rows + groups - 1) / groups;
        if (groups == 1 || rows - largestGroup < measure.minimumRows()) {
            return Optional.empty();
        }
        double ofAll = value.getAsDouble();
        var groupOf = groupOf(rows, seed);
        var ofRows = measure.ofRows(a, b);
        var without = new double[groups];
        for (int group = 0; group < groups; group++) {
            int left = group;
            // In the order of the matrix: a measure of batches may depend on it.
            var kept = IntStream.range(0, rows).filter(row -> groupOf[row] != left).toArray();
            without[group] = ofRows.applyAsDouble(kept);
        }
        return Optional.of(new Jackknife(ofAll, without, rows, seed));
    }

    /**
     * What was computed before, from where it is stored.
     *
     * @param value the measure of all inputs
     * @param without the measure without each group
     * @param rows how many inputs there were
     * @param seed of the division into groups
     */
    public static Jackknife of(double value, double[] without, int rows, long seed) {
        if (without.length < FEWEST_GROUPS || without.length > rows) {
            throw new IllegalArgumentException(
                    "%d inputs are not divided into %d groups".formatted(rows, without.length));
        }
        return new Jackknife(value, without.clone(), rows, seed);
    }

    /** Into how many groups so many inputs are divided; 1 if there are too few to leave any out. */
    public static int groups(int rows) {
        int groups = Math.min(MOST_GROUPS, rows);
        return groups < FEWEST_GROUPS ? 1 : groups;
    }

    /**
     * The group of each input.
     *
     * @param rows how many inputs there are
     * @param seed of the division into groups
     */
    public static int[] groupOf(int rows, long seed) {
        var order = shuffled(rows, new Random(seed));
        var groupOf = new int[rows];
        int groups = groups(rows);
        for (int i = 0; i < rows; i++) {
            groupOf[order[i]] = i % groups;
        }
        return groupOf;
    }

    private static int[] shuffled(int size, Random random) {
        var order = IntStream.range(0, size).toArray();
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[j];
            order[j] = moved;
        }
        return order;
    }

    /** The measure without each of the groups, in the groups' order. */
    public double[] without() {
        return without.clone();
    }

    /** How many inputs were divided into groups. */
    public int rows() {
        return rows;
    }

    /** The seed of the division into groups. */
    public long seed() {
        return seed;
    }

    /**
     * Whether as many inputs were divided into the same groups; that they are the same inputs is
     * for the caller to know.
     */
    public boolean hasGroupsOf(Jackknife other) {
        return other.rows == rows && other.seed == seed && other.without.length == without.length;
    }

    /** The measure of all inputs. */
    public double value() {
        return value;
    }

    /** The degrees of freedom of the standard error: one less than there are groups. */
    public int degrees() {
        return without.length - 1;
    }

    /**
     * The standard error of the measure, of G groups: {@code sqrt((G - 1) / G sum_g (v_g -
     * mean)^2)}.
     */
    public double standardError() {
        return Spread.of(without) * (without.length - 1) / Math.sqrt(without.length);
    }

    /**
     * What the measure would be on average for as many other inputs, by Student's t.
     *
     * @param level the probability, between 0 and 1, such as 0.95
     * @param scale the interval is cut off at its ends
     */
    public ConfidenceInterval interval(double level, Scale scale) {
        return ConfidenceInterval.around(value, standardError(), degrees(), level, scale);
    }

    /**
     * A function of this and of another measure of the same inputs, such as their difference: what
     * both owe to the choice of inputs enters as it is in both.
     *
     * @throws IllegalArgumentException if the other one's inputs were divided differently
     */
    Jackknife with(Jackknife other, DoubleBinaryOperator function) {
        if (!hasGroupsOf(other)) {
            throw new IllegalArgumentException(
                    "Two measures need the same groups of inputs, but there are %d rows by seed %d and %d by seed %d"
                            .formatted(rows, seed, other.rows, other.seed));
        }
        var together = new double[without.length];
        for (int group = 0; group < together.length; group++) {
            together[group] = function.applyAsDouble(without[group], other.without[group]);
        }
        return new Jackknife(function.applyAsDouble(value, other.value), together, rows, seed);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Jackknife that
                && value == that.value
                && rows == that.rows
                && seed == that.seed
                && Arrays.equals(without, that.without);
    }

    @Override
    public int hashCode() {
        return Objects.hash(value, rows, seed, Arrays.hashCode(without));
    }

    @Override
    public String toString() {
        return "%s of %d inputs, without groups by seed %d %s"
                .formatted(value, rows, seed, Arrays.toString(without));
    }

    /** Whether this is a number, and without each group too. */
    boolean isFinite() {
        return Double.isFinite(value) && DoubleStream.of(without).allMatch(Double::isFinite);
    }
}
