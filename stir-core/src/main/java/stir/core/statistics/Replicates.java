package stir.core.statistics;

import org.jspecify.annotations.Nullable;

import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

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

/**
 * A measure of all inputs and of some parts of them: what its uncertainty, and that of a difference
 * of two, is computed from. See {@link ConfidenceInterval#of} for how inputs are divided and why.
 *
 * @since 0.1.0
 */
public final class Replicates {
    /** Into so many groups the inputs are divided; with fewer inputs each is a group. */
    private static final int MOST_GROUPS = 30;

    /** With fewer inputs there are too few groups, and no measure has an interval. */
    public static final int FEWEST_INPUTS = 5;

    /** So often the inputs are divided into halves. */
    private static final int DIVISIONS = 30;

    /** So many inputs it takes for each neighbour; with fewer, neighbours in a half are others. */
    private static final int INPUTS_OF_A_NEIGHBOUR = 20;

    /**
     * Which parts of the inputs are measured.
     *
     * @since 0.1.0
     */
    public enum Scheme {
        /** All inputs but each of some groups: the delete-a-group jackknife. */
        GROUPS {
            @Override
            double standardError(double[] parts) {
                return Spread.of(parts) * (parts.length - 1) / Math.sqrt(parts.length);
            }

            @Override
            int degrees(int parts) {
                return parts - 1;
            }
        },
        /** Both halves of the inputs, divided again and again; two values for each division. */
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
            int degrees(int parts) {
                return parts / 2;
            }
        };

        abstract double standardError(double[] parts);

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
     * Computes a measure once for all inputs and once for each part: without each group, or, for
     * one that looks at {@linkplain SimilarityMeasure#neighbours neighbours}, of halves.
     *
     * @param a one row an input
     * @param b the same inputs
     * @param seed of the division; of 30 inputs or fewer each is a group of its own, and it changes
     *     nothing there
     * @return empty if there are so few inputs that a group can't be left out, or that neighbours
     *     in a half are too far away, or if the measure {@linkplain SimilarityMeasure#hasInterval
     *     has no interval}
     * @throws stir.api.DataException if the measure is not defined for these matrices, or not for
     *     one of the parts
     */
    public static Optional<Replicates> of(
            SimilarityMeasure measure, Matrix a, Matrix b, long seed) {
        return of(measure, () -> measure.compare(a, b), a, b, seed);
    }

    /** As {@link #of(SimilarityMeasure, Matrix, Matrix, long)}, where the value is known. */
    public static Optional<Replicates> of(
            SimilarityMeasure measure, double value, Matrix a, Matrix b, long seed) {
        return of(measure, () -> value, a, b, seed);
    }

    private static Optional<Replicates> of(
            SimilarityMeasure measure, DoubleSupplier value, Matrix a, Matrix b, long seed) {
        if (!measure.hasInterval()) {
            return Optional.empty();
        }
        var scheme = measure.neighbours() > 0 ? Scheme.HALVES : Scheme.GROUPS;
        var parts =
                scheme == Scheme.HALVES
                        ? halves(measure, a.rows(), seed)
                        : allButEachGroup(measure, a.rows(), seed);
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        double ofAll = value.getAsDouble();
        // In the order of the matrix: a measure of batches may depend on it.
        var ofRows = measure.ofRows(a, b);
        var values = parts.stream().mapToDouble(ofRows).toArray();
        return Optional.of(new Replicates(scheme, ofAll, values, a.rows(), seed));
    }

    /** The inputs without each group, in their order; none if there are too few. */
    private static List<int[]> allButEachGroup(SimilarityMeasure measure, int rows, long seed) {
        if (rows < fewestInputs(measure)) {
            return List.of();
        }
        var groupOf = groupOf(rows, seed);
        return IntStream.range(0, groups(rows))
                .mapToObj(
                        left ->
                                IntStream.range(0, rows)
                                        .filter(row -> groupOf[row] != left)
                                        .toArray())
                .toList();
    }

    /** Two halves of the inputs, in their order, for each division; none if there are too few. */
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
     * The fewest inputs for which a measure has an interval, if it has one at all: so many that it
     * is defined without the largest group, or that neighbours in a half are near enough.
     */
    public static long fewestInputs(SimilarityMeasure measure) {
        if (measure.neighbours() > 0) {
            return (long) INPUTS_OF_A_NEIGHBOUR * measure.neighbours();
        }
        int kept = MOST_GROUPS - 1; // of as many inputs, without the largest group
        long fewest = ((long) MOST_GROUPS * measure.minimumRows() + kept - 1) / kept;
        return Math.max(FEWEST_INPUTS, fewest);
    }

    /**
     * What was computed before, from where it is stored.
     *
     * @param scheme which parts were measured
     * @param value the measure of all inputs
     * @param parts the measure of each part
     * @param rows how many inputs there were
     * @param seed of the division
     */
    public static Replicates of(Scheme scheme, double value, double[] parts, int rows, long seed) {
        if (parts.length < FEWEST_INPUTS
                || (scheme == Scheme.GROUPS && parts.length > rows)
                || (scheme == Scheme.HALVES && parts.length % 2 != 0)) {
            throw new IllegalArgumentException(
                    "%d inputs are not divided into %d parts".formatted(rows, parts.length));
        }
        return new Replicates(scheme, value, parts.clone(), rows, seed);
    }

    /** Into how many groups so many inputs are divided; 1 if there are too few to leave any out. */
    public static int groups(int rows) {
        int groups = Math.min(MOST_GROUPS, rows);
        return groups < FEWEST_INPUTS ? 1 : groups;
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

    /** Which parts were measured. */
    public Scheme scheme() {
        return scheme;
    }

    /** The measure of each part: without the groups in their order, or of two halves each. */
    public double[] parts() {
        return parts.clone();
    }

    /** How many inputs were divided. */
    public int rows() {
        return rows;
    }

    /** The seed of the division. */
    public long seed() {
        return seed;
    }

    /**
     * Whether as many inputs were divided into the same parts; that they are the same inputs is for
     * the caller to know.
     */
    public boolean hasPartsOf(Replicates other) {
        return other.scheme == scheme
                && other.rows == rows
                && other.seed == seed
                && other.parts.length == parts.length;
    }

    /** The measure of all inputs. */
    public double value() {
        return value;
    }

    /** The degrees of freedom of the standard error: G - 1 of G groups, D of D divisions. */
    public int degrees() {
        return scheme.degrees(parts.length);
    }

    /**
     * The standard error of the measure: of G groups {@code sqrt((G - 1) / G sum_g (v_g -
     * mean)^2)}, of D divisions into halves {@code sqrt(1 / D sum_d ((v_d - w_d) / 2)^2)}.
     */
    public double standardError() {
        return scheme.standardError(parts);
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
    Replicates with(Replicates other, DoubleBinaryOperator function) {
        if (!hasPartsOf(other)) {
            throw new IllegalArgumentException(
                    "Two measures need the same parts of inputs, but there are %s of %d rows by seed %d and %s of %d by seed %d"
                            .formatted(scheme, rows, seed, other.scheme, other.rows, other.seed));
        }
        var together = new double[parts.length];
        for (int part = 0; part < together.length; part++) {
            together[part] = function.applyAsDouble(ofSize(part), other.ofSize(part));
        }
        return new Replicates(
                scheme, function.applyAsDouble(value, other.value), together, rows, seed);
    }

    /**
     * The value of a part as it would be of all inputs. That of a half is of half as many, and a
     * measure of neighbours is another one then: only the half's distance from the middle of both
     * counts.
     */
    private double ofSize(int part) {
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
        return "%s of %d inputs, %s by seed %d %s"
                .formatted(value, rows, scheme, seed, Arrays.toString(parts));
    }

    /** Whether this is a number, and that of each part too. */
    boolean isFinite() {
        return Double.isFinite(value) && DoubleStream.of(parts).allMatch(Double::isFinite);
    }
}
