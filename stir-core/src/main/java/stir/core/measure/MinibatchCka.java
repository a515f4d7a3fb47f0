package stir.core.measure;

import java.util.Optional;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.PairValues;

/**
 * Linear CKA from batches of consecutive rows: the three unbiased HSIC_1 estimates are averaged
 * over the batches, each divided by its own number of pairs, before the ratio is taken.
 *
 * <p>It depends on the batch size and on the order of the rows. If the last batch had fewer than
 * the 4 rows that HSIC_1 needs, it joins the previous one. At most 1, below 0 where there is little
 * in common; unchanged by rotation, isotropic scaling and translation. Source: Nguyen, Raghu and
 * Kornblith 2021, Do wide and deep networks learn the same things?, equation 3.
 */
public final class MinibatchCka extends BuiltInMeasure {
    private static final int FEWEST_ROWS = 4;

    private final int batch;

    public MinibatchCka() {
        this(Parameters.NONE.andInteger("batch", "rows per batch", 10, FEWEST_ROWS));
    }

    private MinibatchCka(Parameters parameters) {
        super(
                Family.CKA,
                "minibatch-cka",
                "Linear CKA averaged over batches of rows, debiased (Nguyen et al. 2021)",
                new Scale(-1, 1, true),
                parameters,
                MinibatchCka::new);
        batch = parameters.integer("batch");
    }

    @Override
    public int minimumRows() {
        return FEWEST_ROWS;
    }

    /** Returns the number of other rows in a batch. */
    @Override
    public int neighbours() {
        return batch - 1;
    }

    @Override
    double value(Matrix a, Matrix b) {
        var batches = new Batches(a.columns(), b.columns());
        batches.add(a, b);
        return batches.value();
    }

    @Override
    public long accumulatorBytes(int columnsOfA, int columnsOfB) {
        return (long) Double.BYTES * (batch + FEWEST_ROWS) * ((long) columnsOfA + columnsOfB);
    }

    @Override
    public Optional<Accumulator> accumulator(int columnsOfA, int columnsOfB) {
        return Optional.of(new Batches(columnsOfA, columnsOfB));
    }

    /**
     * A buffer of rows, which closes a batch when it is certain that the next one will not be too
     * small.
     */
    private final class Batches implements Accumulator {
        private final DenseMatrix rowsOfA;
        private final DenseMatrix rowsOfB;
        private double[] sums = new double[3];
        private int pending;

        Batches(int columnsOfA, int columnsOfB) {
            int most = Math.addExact(batch, FEWEST_ROWS);
            rowsOfA = DenseMatrix.zeros(most, columnsOfA);
            rowsOfB = DenseMatrix.zeros(most, columnsOfB);
        }

        @Override
        public void add(Matrix a, Matrix b) {
            for (int i = 0; i < a.rows(); i++) {
                a.row(i, rowsOfA.row(pending));
                b.row(i, rowsOfB.row(pending));
                pending++;
                if (pending == rowsOfA.rows()) {
                    sums = sumsWith(batch);
                    pending -= batch;
                    for (int j = 0; j < pending; j++) {
                        rowsOfA.copy(batch + j, 0, rowsOfA.columns(), rowsOfA.row(j));
                        rowsOfB.copy(batch + j, 0, rowsOfB.columns(), rowsOfB.row(j));
                    }
                }
            }
        }

        private double[] sumsWith(int rows) {
            var a = PairValues.dots(MappedRows.centred(rowsOfA.range(0, rows)));
            var b = PairValues.dots(MappedRows.centred(rowsOfB.range(0, rows)));
            double pairs = rows * (rows - 3.0);
            return new double[] {
                sums[0] + a.unbiasedDot(b) / pairs,
                sums[1] + a.unbiasedDot(a) / pairs,
                sums[2] + b.unbiasedDot(b) / pairs
            };
        }

        @Override
        public double value() {
            checkRows(pending);
            var all = sumsWith(pending);
            return normalised(all[0], all[1], all[2]);
        }
    }
}
