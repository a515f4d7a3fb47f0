package stir.core.network.pass;

import stir.api.Batch;
import stir.core.linalg.DenseMatrix;
import stir.core.work.SearchProgress;
import stir.core.work.Workers;

import java.util.concurrent.CancellationException;
import java.util.function.IntUnaryOperator;

/**
 * Many cotangents, pulled back at a few points by all workers of a network. A row does not depend
 * on the others, nor on batch size or threads.
 */
public final class PulledBack {
    private final DenseMatrix gradients;
    private final double[] squares;

    private PulledBack(int rows, int size) {
        this.gradients = DenseMatrix.zeros(rows, size);
        this.squares = new double[rows];
    }

    /** One row a cotangent, by the pixels; shared. */
    public DenseMatrix gradients() {
        return gradients;
    }

    /** The squared norm of the representation at a row's point. */
    public double squares(int row) {
        return squares[row];
    }

    /** Chooses the cotangents. */
    @FunctionalInterface
    public interface Cotangents {
        /** One value of a row's cotangent. */
        double get(int row, int unit);
    }

    /**
     * Pulls cotangents back.
     *
     * @param network whose Jacobians are multiplied with
     * @param points the points, inside the box
     * @param rows the number of cotangents
     * @param pointOf which point is a row's
     * @param cotangents may be read by several threads
     * @param progress is told each pass
     */
    public static PulledBack of(
            CutNetwork network,
            Batch points,
            int rows,
            IntUnaryOperator pointOf,
            Cotangents cotangents,
            SearchProgress progress) {
        var found = new PulledBack(rows, points.rowSize());
        int passRows = network.evaluators().get(0).passRows();
        int passes = (rows + passRows - 1) / passRows;
        int workers = Math.min(network.evaluators().size(), passes);
        Workers.run(
                workers,
                worker -> {
                    var pixels = Batch.allocate(passRows, points.rowShape());
                    var pulledBack = Batch.allocate(passRows, points.rowShape());
                    for (int pass = worker; pass < passes; pass += workers) {
                        if (Thread.currentThread().isInterrupted()) {
                            throw new CancellationException("The calibration was interrupted");
                        }
                        int first = pass * passRows;
                        int end = Math.min(rows, first + passRows);
                        for (int row = first; row < end; row++) {
                            pixels.copyRow(points, pointOf.applyAsInt(row), row - first);
                        }
                        network.evaluators()
                                .get(worker)
                                .pullback(
                                        pixels,
                                        (from, representations, chosen) -> {
                                            for (int row = first + from; row < end; row++) {
                                                found.squares[row] =
                                                        squares(representations, row - first);
                                                choose(cotangents, row, chosen, row - first);
                                            }
                                        },
                                        pulledBack);
                        for (int row = first; row < end; row++) {
                            for (int i = 0; i < points.rowSize(); i++) {
                                found.gradients.set(row, i, pulledBack.get(row - first, i));
                            }
                        }
                        progress.passed(end - first, Double.NaN);
                    }
                });
        return found;
    }

    private static double squares(Batch representations, int row) {
        double sum = 0;
        for (int unit = 0; unit < representations.rowSize(); unit++) {
            double value = representations.get(row, unit);
            sum += value * value;
        }
        return sum;
    }

    private static void choose(Cotangents cotangents, int row, Batch chosen, int at) {
        for (int unit = 0; unit < chosen.rowSize(); unit++) {
            chosen.set(at, unit, (float) cotangents.get(row, unit));
        }
    }
}
