package stir.core.inversion.rule;

import stir.api.Batch;
import stir.core.inputs.Inputs;
import stir.core.inversion.start.SeedSource;
import stir.core.linalg.DenseMatrix;
import stir.core.linalg.Products;
import stir.core.linalg.SymmetricEigen;
import stir.core.network.pass.Box;
import stir.core.network.pass.CutNetwork;
import stir.core.network.pass.PulledBack;
import stir.core.progress.ProgressListener;
import stir.core.random.KeyedRandom;
import stir.core.work.SearchProgress;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What {@link MultiSecant} has to know of a reference before its search. It looks at the Jacobians
 * at the first inputs and at their seeds, and depends neither on batch size or threads nor on other
 * inputs.
 *
 * @param preconditioner made of the mean of {@code J J'} at the inputs. Noise in place of inputs
 *     was found to make a much worse one
 * @param mean the leading rows of the mean of J at the inputs, as far as they foretell those at the
 *     seeds
 * @param length how far a point moves, in pixel space, until the representation has changed by its
 *     own norm, in an average direction of the representation: {@code ||m(x)|| / sqrt(mean squared
 *     norm of a row of J)}. Infinity if that is not known
 * @param passes the passes of one row that it took
 */
public record Calibration(
        Preconditioner preconditioner, MeanJacobian mean, double length, int passes) {
    /** The inputs whose Jacobians are looked at. */
    static final int INPUTS = 8;

    /** The seeds at which the mean of the Jacobians is tried. */
    static final int SEEDS = 4;

    /** A wider representation's Jacobian takes too many passes. */
    static final int MOST_WIDTH = 512;

    /** A larger Jacobian takes too much memory: 128 MB in double precision. */
    private static final long MOST_VALUES = 1 << 24;

    private static final System.Logger LOG = System.getLogger(Calibration.class.getName());

    /**
     * Whether whole Jacobians are looked at.
     *
     * @param width the size of a representation
     * @param size the size of an input
     */
    static boolean fits(int width, int size) {
        return width <= MOST_WIDTH && (long) width * size <= MOST_VALUES;
    }

    /** Learns nothing. */
    public static Calibration none() {
        return new Calibration(
                Preconditioner.identity(), MeanJacobian.none(), Double.POSITIVE_INFINITY, 0);
    }

    /**
     * Looks at a reference: at whole Jacobians if they {@linkplain #fits fit}. If not, at one
     * random combination of each one's rows; at nothing where steps are taken in the {@link
     * PixelMetric}.
     *
     * @param reference where they are computed, by all its workers
     * @param seeds the inputs' seeds
     * @param rngSeed for the random combinations
     * @param listener receives the progress
     */
    public static Calibration of(
            CutNetwork reference,
            Inputs inputs,
            SeedSource seeds,
            long rngSeed,
            ProgressListener listener) {
        int width = reference.representationShape().size();
        int count = Math.min(INPUTS, inputs.count());
        var points = Batch.allocate(count, inputs.shape());
        for (int input = 0; input < count; input++) {
            inputs.read(input, points, input);
        }
        var task = "Calibrating " + reference.network().name();
        if (!fits(width, inputs.shape().size())) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "The search goes without a preconditioner: a Jacobian of {0} x {1} is too large",
                    width,
                    inputs.shape().size());
            if (MultiSecant.takesMetric(width, inputs.shape())) {
                return none();
            }
            return ofLength(reference, points, rngSeed, new SearchProgress(task, count, listener));
        }
        int seedCount = Math.min(SEEDS, count);
        var seedPoints = Batch.allocate(seedCount, inputs.shape());
        for (int input = 0; input < seedCount; input++) {
            seeds.write(input, seedPoints, input);
            Box.clamp(seedPoints, input);
        }
        int pairs = Math.min(MeanJacobian.MOST_PAIRS, width);
        int passes = count * width + seedCount * pairs;
        var progress = new SearchProgress(task, passes, listener);
        return ofJacobians(reference, points, seedPoints, pairs, passes, progress);
    }

    private static Calibration ofJacobians(
            CutNetwork reference,
            Batch points,
            Batch seedPoints,
            int pairs,
            int passes,
            SearchProgress progress) {
        int width = reference.representationShape().size();
        int size = points.rowSize();
        int count = points.rows();
        var sum = DenseMatrix.zeros(width, size);
        var products = DenseMatrix.zeros(width, width);
        double squares = 0;
        for (int input = 0; input < count; input++) {
            int point = input;
            var jacobian =
                    PulledBack.of(
                            reference,
                            points,
                            width,
                            row -> point,
                            (row, unit) -> row == unit ? 1 : 0,
                            progress);
            sum.add(jacobian.gradients());
            products.add(Products.gram(jacobian.gradients()));
            squares += jacobian.squares(0);
        }
        var preconditioner = Preconditioner.of(products);
        sum.scale(1.0 / count);
        var directions = leading(Products.gram(sum), pairs);
        var elsewhere =
                PulledBack.of(
                        reference,
                        seedPoints,
                        seedPoints.rows() * pairs,
                        row -> row / pairs,
                        (row, unit) -> directions.get(row % pairs, unit),
                        progress);
        return new Calibration(
                preconditioner,
                MeanJacobian.of(
                        directions, Products.product(directions, sum), elsewhere.gradients()),
                length(squares, products.trace(), width),
                passes);
    }

    /** The eigenvectors of the largest eigenvalues, one a row. */
    private static DenseMatrix leading(DenseMatrix symmetric, int count) {
        return DenseMatrix.copyOf(SymmetricEigen.of(symmetric).vectors().range(0, count));
    }

    /**
     * The length alone. The squared norm of {@code J'z}, z of random signs, is that of all rows of
     * J together in the mean (Hutchinson, 1989).
     */
    private static Calibration ofLength(
            CutNetwork reference, Batch points, long rngSeed, SearchProgress progress) {
        int width = reference.representationShape().size();
        int count = points.rows();
        var signs = DenseMatrix.zeros(count, width);
        for (int input = 0; input < count; input++) {
            var random = KeyedRandom.of(rngSeed, input);
            for (int unit = 0; unit < width; unit++) {
                signs.set(input, unit, random.nextBoolean() ? 1 : -1);
            }
        }
        var found = PulledBack.of(reference, points, count, row -> row, signs::get, progress);
        double squares = 0;
        for (int input = 0; input < count; input++) {
            squares += found.squares(input);
        }
        return new Calibration(
                Preconditioner.identity(),
                MeanJacobian.none(),
                length(squares, found.gradients().sumOfSquares(), width),
                count);
    }

    /** Writes it, to the last bit. */
    public void write(DataOutput out) throws IOException {
        preconditioner.write(out);
        mean.write(out);
        out.writeDouble(length);
        out.writeInt(passes);
    }

    /** Reads what {@link #write} wrote. */
    public static Calibration read(DataInput in) throws IOException {
        return new Calibration(
                Preconditioner.read(in), MeanJacobian.read(in), in.readDouble(), in.readInt());
    }

    private static double length(double squares, double jacobianSquares, int width) {
        return squares > 0 && jacobianSquares > 0
                ? Math.sqrt(squares / jacobianSquares * width)
                : Double.POSITIVE_INFINITY;
    }
}
