package stir.core.internal;

import stir.api.Batch;
import stir.core.ProgressListener;
import stir.core.inputs.Inputs;
import stir.core.linalg.DenseMatrix;
import stir.core.linalg.Products;
import stir.core.linalg.RowSource;

import java.util.concurrent.CancellationException;

/**
 * What {@link MultiSecant} has to know of a reference before its search: the mean of {@code J J'}
 * at the first inputs. Noise in place of inputs was found to make a much worse preconditioner. The
 * result does not depend on batch size or threads, nor on other inputs than the first.
 *
 * @param preconditioner what was learnt
 * @param passes the passes of one row that it took
 */
record Calibration(Preconditioner preconditioner, int passes) {
    /** The inputs whose Jacobians are looked at. */
    static final int INPUTS = 4;

    /** A wider representation's Jacobian takes too many passes. */
    static final int MOST_WIDTH = 512;

    /** A larger Jacobian takes too much memory: 256 MB in double precision. */
    private static final long MOST_VALUES = 1 << 25;

    private static final System.Logger LOG = System.getLogger(Calibration.class.getName());

    /** Learns nothing. */
    static Calibration none() {
        return new Calibration(Preconditioner.identity(), 0);
    }

    /**
     * Looks at the Jacobians of the first inputs, if the representation is narrow enough.
     *
     * @param reference where they are computed, by all its workers
     * @param listener hears how far it has come
     */
    static Calibration of(HookedNetwork reference, Inputs inputs, ProgressListener listener) {
        int width = reference.representationShape().size();
        if (width > MOST_WIDTH || (long) width * inputs.shape().size() > MOST_VALUES) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "The search goes without a preconditioner: a Jacobian of {0} x {1} is too large",
                    width,
                    inputs.shape().size());
            return none();
        }
        int count = Math.min(INPUTS, inputs.count());
        var progress =
                new SearchProgress(
                        "Calibrating " + reference.network().name(),
                        (long) count * width,
                        listener);
        var sum = DenseMatrix.zeros(width, width);
        for (int input = 0; input < count; input++) {
            var products = Products.gram(jacobian(reference, inputs, input, progress));
            for (int i = 0; i < width; i++) {
                for (int j = 0; j < width; j++) {
                    sum.set(i, j, sum.get(i, j) + products.get(i, j));
                }
            }
        }
        return new Calibration(Preconditioner.of(sum), count * width);
    }

    /** An input's Jacobian: each row the pullback of one unit. */
    private static RowSource jacobian(
            HookedNetwork reference, Inputs inputs, int input, SearchProgress progress) {
        int width = reference.representationShape().size();
        var jacobian = DenseMatrix.zeros(width, inputs.shape().size());
        int passRows = reference.evaluators().get(0).passRows();
        int passes = (width + passRows - 1) / passRows;
        int workers = Math.min(reference.evaluators().size(), passes);
        Workers.run(
                workers,
                worker -> {
                    var pixels = Batch.allocate(passRows, inputs.shape());
                    for (int row = 0; row < passRows; row++) {
                        inputs.read(input, pixels, row);
                    }
                    var gradients = Batch.allocate(passRows, inputs.shape());
                    for (int pass = worker; pass < passes; pass += workers) {
                        if (Thread.currentThread().isInterrupted()) {
                            throw new CancellationException("The calibration was interrupted");
                        }
                        int first = pass * passRows;
                        int rows = Math.min(passRows, width - first);
                        reference
                                .evaluators()
                                .get(worker)
                                .pullback(
                                        pixels,
                                        (from, representations, cotangents) ->
                                                writeUnits(first, rows, cotangents),
                                        gradients);
                        for (int row = 0; row < rows; row++) {
                            for (int i = 0; i < gradients.rowSize(); i++) {
                                jacobian.set(first + row, i, gradients.get(row, i));
                            }
                        }
                        progress.passed(rows, Double.NaN);
                    }
                });
        return jacobian;
    }

    /** Row i is 1 at unit {@code first + i} and 0 elsewhere; rows that pad the pass are 0. */
    private static void writeUnits(int first, int rows, Batch cotangents) {
        for (int row = 0; row < cotangents.rows(); row++) {
            for (int unit = 0; unit < cotangents.rowSize(); unit++) {
                cotangents.set(row, unit, row < rows && unit == first + row ? 1 : 0);
            }
        }
    }
}
