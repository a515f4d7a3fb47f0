package stir.core.similarity;

import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.linalg.CentredRows;
import stir.core.linalg.DenseMatrix;
import stir.core.linalg.PairValues;

import java.util.Optional;

/**
 * Linear CKA from batches of consecutive rows: the three unbiased HSIC_1 estimates are averaged
 * over the batches, each divided by its own number of pairs, and only then is the ratio taken.
 *
 * <p>It depends on the batch size and on the order of the rows. A last batch that would have fewer
 * than the 4 rows that HSIC_1 needs joins the one before. At most 1, below 0 where there is little
 * in common; unchanged by rotation, isotropic scaling and translation. Source: Nguyen, Raghu and
 * Kornblith 2021, Do wide and deep networks learn the same things?, equation 3.
 *
 * @since 0.1.0
 */
public final class MinibatchCka extends BuiltInMeasure {
    private static final int FEWEST_ROWS = 4;

    private final int batch;

    /** Minibatch CKA of batches of 10 rows. */
    public MinibatchCka() {
        this(Parameters.NONE.andWhole("batch", "rows of a batch", 10, FEWEST_ROWS));
    }

    private MinibatchCka(Parameters parameters) {
        super(
                "minibatch-cka",
                "Linear CKA averaged over batches of rows, debiased (Nguyen et al. 2021)",
                new Scale(-1, 1, true),
                parameters);
        batch = parameters.whole("batch");
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new MinibatchCka(changed);
    }

    @Override
    public int minimumRows() {
        return FEWEST_ROWS;
    }

    /** The others of its batch. */
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

    /** Collects rows until it is certain that a batch's successor will not be too small. */
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
            var a = PairValues.dots(CentredRows.of(rowsOfA.range(0, rows)));
            var b = PairValues.dots(CentredRows.of(rowsOfB.range(0, rows)));
            double pairs = rows * (rows - 3.0);
            return new double[] {
                sums[0] + a.unbiasedDot(b) / pairs,
                sums[1] + a.unbiasedDot(a) / pairs,
                sums[2] + b.unbiasedDot(b) / pairs
            };
        }

        @Override
        public double value() {
            if (pending < FEWEST_ROWS) {
                throw new DataException(
                        "'minibatch-cka' needs at least %d rows, but there are %d: give more inputs."
                                .formatted(FEWEST_ROWS, pending));
            }
            var all = sumsWith(pending);
            if (all[1] == 0) {
                throw constant("first");
            }
            if (all[2] == 0) {
                throw constant("second");
            }
            return all[0] / (Math.sqrt(all[1]) * Math.sqrt(all[2]));
        }
    }
}
