package stir.core.math.linalg;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import stir.api.DataException;

/**
 * The singular value decomposition of a matrix, {@code U diag(values) V'}; shared, must not be
 * modified.
 *
 * @param left the left singular vectors as <em>rows</em>
 * @param values the singular values, the largest first, as many as the smaller side of the matrix
 * @param right the right singular vectors as <em>rows</em>
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record Singular(DenseMatrix left, double[] values, DenseMatrix right) {
    /**
     * Decomposes a matrix.
     *
     * @throws DataException if the computation does not converge
     */
    public static Singular of(DenseMatrix matrix) {
        var svd = decompose(matrix, true);
        var values = svd.getSingularValues();
        int count = Math.min(matrix.rows(), matrix.columns());
        var order = descending(count, i -> values[i]);
        return new Singular(
                rows(svd.getU(null, true), order),
                Arrays.stream(order).mapToDouble(i -> values[i]).toArray(),
                rows(svd.getV(null, true), order));
    }

    /**
     * Returns only the singular values, the largest first.
     *
     * @throws DataException if the computation does not converge
     */
    public static double[] values(DenseMatrix matrix) {
        var values = decompose(matrix, false).getSingularValues();
        int count = Math.min(matrix.rows(), matrix.columns());
        return IntStream.of(descending(count, i -> values[i]))
                .mapToDouble(i -> values[i])
                .toArray();
    }

    /** Returns the indices of values, the largest value first. */
    static int[] descending(int count, IntToDoubleFunction values) {
        return IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values.applyAsDouble(i)))
                .mapToInt(i -> i)
                .toArray();
    }

    private static SingularValueDecomposition_F64<DMatrixRMaj> decompose(DenseMatrix matrix, boolean vectors) {
        int rows = matrix.rows();
        int columns = matrix.columns();
        var svd = DecompositionFactory_DDRM.svd(rows, columns, vectors, vectors, true);
        if (!svd.decompose(finite(matrix))) {
            throw notConverged();
        }
        return svd;
    }

    /** Returns a copy for EJML, which may not terminate for infinite values. */
    static DMatrixRMaj finite(DenseMatrix matrix) {
        var values = matrix.toArray();
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw notConverged();
            }
        }
        return new DMatrixRMaj(matrix.rows(), matrix.columns(), true, values);
    }

    private static DenseMatrix rows(DMatrixRMaj transposed, int[] order) {
        var rows = DenseMatrix.zeros(order.length, transposed.numCols);
        for (int i = 0; i < order.length; i++) {
            System.arraycopy(transposed.data, order[i] * transposed.numCols, rows.row(i), 0, transposed.numCols);
        }
        return rows;
    }

    static DataException notConverged() {
        return new DataException(
                "The decomposition of the representations did not converge, because their values are too large or too small: scale them.");
    }
}
