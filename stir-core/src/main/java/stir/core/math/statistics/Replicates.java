package stir.core.math.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

/**
 * The values of a measure for all inputs and for parts of them, which determine its uncertainty and
 * the uncertainty of differences. See {@link Interval#of} for the division of the inputs and its
 * reasons.
 *
 * @since 0.1.0
 */
public final class Replicates {
    /** The largest number of groups; with fewer inputs each input is a group. */
    private static final int MOST_GROUPS = 30;

    /** The fewest inputs for which any measure has an interval; fewer give too few groups. */
    public static final int FEWEST_INPUTS = 5;

    /** The number of random divisions into halves. */
    private static final int DIVISIONS = 30;

    /**
     * The fewest inputs per neighbour; with fewer, the neighbours within a half differ too much.
     */
    private static final int INPUTS_PER_NEIGHBOUR = 20;

    /**
     * The parts of the inputs that are measured.
     *
     * @since 0.1.0
     */
    public enum Scheme {
        /** All inputs without each group in turn: the delete-a-group jackknife. */
        GROUPS {
            @Override
            double standardError(double[] parts) {
                return SampleStatistics.standardDeviation(parts) * (parts.length - 1) / Math.sqrt(parts.length);
            }

            @Override
            double[] deviations(double[] parts) {
                double mean = SampleStatistics.mean(parts);
                double scale = Math.sqrt(parts.length - 1);
                return DoubleStream.of(parts).map(part -> scale * (part - mean)).toArray();
            }

            @Override
            int degrees(int parts) {
                return parts - 1;
            }
        },
        /** The two halves of the inputs, for many random divisions; two values per division. */
        HALVES {
            @Override
            double standardError(double[] parts) {
                double squares = 0;
                for (int i = 0; i < parts.length; i += 2) {
                    double difference = (parts[i] - parts[i + 1]) / 2;
                    squares += difference * difference;
                }
                return Math.sqrt(squares / degrees(parts.length));
            }

            @Override
            double[] deviations(double[] parts) {
                return IntStream.range(0, parts.length / 2)
                        .mapToDouble(i -> (parts[2 * i] - parts[2 * i + 1]) / 2)
                        .toArray();
            }

            @Override
            int degrees(int parts) {
                return parts / 2;
            }
        };

        abstract double standardError(double[] parts);

        abstract double[] deviations(double[] parts);

        abstract int degrees(int parts);
    }

    private final Scheme scheme;
    private final double value;
    private final double[] parts;
    private final int rows;
    private final long seed;

    private Replicates(Scheme scheme, double value, double[] parts, int rows, long seed) {
        this.scheme = scheme;
        this.value = value;
        this.parts = parts;
        this.rows = rows;
        this.seed = seed;
    }

    /**
     * Computes a measure once for all inputs and once for each part: without each group, or, for a
     * {@linkplain SimilarityMeasure#neighbours measure of neighbours}, of halves.
     *
     * @param a one row per input
     * @param b the same inputs
     * @param seed the seed of the division; with 30 inputs or fewer each is its own group, and the
     *     seed does not affect groups
     * @return empty if there are too few inputs to omit a group, or if neighbours within a half are
     *     too far away, or if the measure {@linkplain SimilarityMeasure#hasInterval has no
     *     interval}
     * @throws stir.api.DataException if the measure is undefined for these matrices, or for one of
     *     the parts
     */
    public static Optional<Replicates> of(SimilarityMeasure measure, Matrix a, Matrix b, long seed) {
        return of(measure, () -> measure.compare(a, b), a, b, RowsOfInputs.alike(a.rows(), 1), seed);
    }

    /**
     * Computes a measure as {@link #of(SimilarityMeasure, Matrix, Matrix, long)} does, if the value
     * for all inputs is known.
     *
     * @param rows the rows of each input, which stay together
     */
    public static Optional<Replicates> of(
            SimilarityMeasure measure, double value, Matrix a, Matrix b, RowsOfInputs rows, long seed) {
        return of(measure, () -> value, a, b, rows, seed);
    }

    private static Optional<Replicates> of(
            SimilarityMeasure measure, DoubleSupplier value, Matrix a, Matrix b, RowsOfInputs rows, long seed) {
        if (!measure.hasInterval()) {
            return Optional.empty();
        }
        var scheme = measure.neighbours() > 0 ? Scheme.HALVES : Scheme.GROUPS;
        int inputs = rows.inputs();
        var parts = scheme == Scheme.HALVES ? halves(measure, inputs, seed) : allButEachGroup(measure, inputs, seed);
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        double ofAll = value.getAsDouble();
        // In the order of the matrix, since a measure of batches may depend on it.
        var ofRows = measure.ofRows(a, b);
        var values = parts.stream().map(rows::of).mapToDouble(ofRows).toArray();
        return Optional.of(new Replicates(scheme, ofAll, values, inputs, seed));
    }

    /** Returns the inputs without each group, in their order; none if there are too few. */
    private static List<int[]> allButEachGroup(SimilarityMeasure measure, int rows, long seed) {
        if (rows < fewestInputs(measure)) {
            return List.of();
        }
        var groupOf = groupOf(rows, seed);
        return IntStream.range(0, groups(rows))
                .mapToObj(omitted -> IntStream.range(0, rows)
                        .filter(row -> groupOf[row] != omitted)
                        .toArray())
                .toList();
    }

    /**
     * Returns two halves of the inputs, in their order, for each division; none if there are too
     * few.
     */
    private static List<int[]> halves(SimilarityMeasure measure, int rows, long seed) {
        int half = rows / 2;
        if (rows < fewestInputs(measure) || half < measure.minimumRows()) {
            return List.of();
        }
        var random = new Random(seed);
        var parts = new ArrayList<int[]>();
        for (int division = 0; division < DIVISIONS; division++) {
            var order = shuffled(rows, random);
            for (int from : new int[] {0, half}) {
                var part = Arrays.copyOfRange(order, from, from + half);
                Arrays.sort(part);
                parts.add(part);
            }
        }
        return parts;
    }

    /**
     * Returns the fewest inputs for which a measure has an interval, if it has one at all: enough
     * that it is defined without the largest group, or that neighbours within a half are near
     * enough.
     */
    public static long fewestInputs(SimilarityMeasure measure) {
        if (measure.neighbours() > 0) {
            return (long) INPUTS_PER_NEIGHBOUR * measure.neighbours();
        }
        int kept = MOST_GROUPS - 1; // per MOST_GROUPS inputs, without the largest group
        long fewest = ((long) MOST_GROUPS * measure.minimumRows() + kept - 1) / kept;
        return Math.max(FEWEST_INPUTS, fewest);
    }

    /**
     * Creates replicates from stored values.
     *
     * @param scheme the measured parts
     * @param value the measure of all inputs
     * @param parts the measure of each part
     * @param rows the number of inputs
     * @param seed the seed of the division
     */
    public static Replicates of(Scheme scheme, double value, double[] parts, int rows, long seed) {
        if (parts.length < FEWEST_INPUTS
                || (scheme == Scheme.GROUPS && parts.length > rows)
                || (scheme == Scheme.HALVES && parts.length % 2 != 0)) {
            throw new IllegalArgumentException("%d inputs are not divided into %d parts".formatted(rows, parts.length));
        }
        return new Replicates(scheme, value, parts.clone(), rows, seed);
    }

    /** Returns the number of groups for a number of inputs; 1 if there are too few to omit any. */
    public static int groups(int rows) {
        int groups = Math.min(MOST_GROUPS, rows);
        return groups < FEWEST_INPUTS ? 1 : groups;
    }

    /**
     * Returns the group of each input.
     *
     * @param rows the number of inputs
     * @param seed the seed of the division into groups
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

    /** Returns which parts were measured. */
    public Scheme scheme() {
        return scheme;
    }

    /**
     * Returns the measure of each part: without the groups in their order, or of two halves each.
     */
    public double[] parts() {
        return parts.clone();
    }

    /** Returns the number of inputs that were divided. */
    public int rows() {
        return rows;
    }

    /** Returns the seed of the division. */
    public long seed() {
        return seed;
    }

    /**
     * Returns whether the same number of inputs was divided into the same parts; the caller must
     * ensure that they are the same inputs.
     */
    public boolean hasPartsOf(Replicates other) {
        return other.scheme == scheme && other.rows == rows && other.seed == seed && other.parts.length == parts.length;
    }

    /** Returns the measure of all inputs. */
    public double value() {
        return value;
    }

    /**
     * Returns the degrees of freedom of the standard error: G - 1 of G groups, D of D divisions.
     */
    public int degrees() {
        return scheme.degrees(parts.length);
    }

    /**
     * Returns the standard error of the measure: of G groups {@code sqrt((G - 1) / G sum_g (v_g -
     * mean)^2)}, of D divisions into halves {@code sqrt(1 / D sum_d ((v_d - w_d) / 2)^2)}.
     */
    public double standardError() {
        return scheme.standardError(parts);
    }

    /**
     * Returns the deviations of the measure by the choice of inputs, whose mean square is the
     * square of the standard error. Sums of measures of the same parts have the sums of their
     * deviations.
     */
    double[] deviations() {
        return scheme.deviations(parts);
    }

    /**
     * Returns the range of the measure's average over other samples of the same size, by Student's
     * t.
     *
     * @param level the probability, between 0 and 1, such as 0.95
     * @param scale the interval is truncated to it
     */
    public Interval interval(double level, Scale scale) {
        return Interval.around(value, standardError(), degrees(), level, scale);
    }

    /**
     * Applies a function to this and another measure of the same inputs, such as their difference.
     * The dependence of the two on the choice of inputs is preserved.
     *
     * @throws IllegalArgumentException if the inputs of the other were divided differently
     */
    Replicates with(Replicates other, DoubleBinaryOperator function) {
        if (!hasPartsOf(other)) {
            throw new IllegalArgumentException(
                    "Two measures need the same parts of inputs, but there are %s of %d rows by seed %d and %s of %d by seed %d"
                            .formatted(scheme, rows, seed, other.scheme, other.rows, other.seed));
        }
        var together = new double[parts.length];
        for (int part = 0; part < together.length; part++) {
            together[part] = function.applyAsDouble(rescaled(part), other.rescaled(part));
        }
        return new Replicates(scheme, function.applyAsDouble(value, other.value), together, rows, seed);
    }

    /**
     * Returns the value of a part, rescaled to all inputs. A neighbour measure has another value
     * for half the inputs, so only the distance of each half from the mean of the two is used.
     */
    private double rescaled(int part) {
        return scheme == Scheme.GROUPS ? parts[part] : value + (parts[part] - parts[part ^ 1]) / 2;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Replicates that
                && scheme == that.scheme
                && value == that.value
                && rows == that.rows
                && seed == that.seed
                && Arrays.equals(parts, that.parts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(scheme, value, rows, seed, Arrays.hashCode(parts));
    }

    @Override
    public String toString() {
        return "%s of %d inputs, %s by seed %d %s".formatted(value, rows, scheme, seed, Arrays.toString(parts));
    }

    /** Returns whether the values for all inputs and for every part are finite. */
    boolean isFinite() {
        return Double.isFinite(value) && DoubleStream.of(parts).allMatch(Double::isFinite);
    }
}
