package stir.core.math.linalg;

import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import stir.api.DataException;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix; shared, must not be modified.
 *
 * @param values the eigenvalues, the largest first
 * @param vectors the eigenvectors as <em>rows</em>, in the order of the values
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record SymmetricEigen(double[] values, DenseMatrix vectors) {
    /**
     * Decomposes a symmetric matrix.
     *
     * @throws DataException if the computation does not converge
     */
    public static SymmetricEigen of(DenseMatrix matrix) {
        int size = matrix.rows();
        var decomposition = decomposed(matrix, true);
        var order = Singular.descending(size, i -> decomposition.getEigenvalue(i).real);
        var values = new double[size];
        var vectors = DenseMatrix.zeros(size, size);
        for (int i = 0; i < size; i++) {
            values[i] = decomposition.getEigenvalue(order[i]).real;
            var vector = decomposition.getEigenVector(order[i]);
            System.arraycopy(vector.data, 0, vectors.row(i), 0, size);
        }
        return new SymmetricEigen(values, vectors);
    }

    /**
     * Returns only the eigenvalues, the largest first.
     *
     * @throws DataException if the computation does not converge
     */
    public static double[] values(DenseMatrix matrix) {
        int size = matrix.rows();
        var decomposition = decomposed(matrix, false);
        return IntStream.of(Singular.descending(size, i -> decomposition.getEigenvalue(i).real))
                .mapToDouble(i -> decomposition.getEigenvalue(i).real)
                .toArray();
    }

    private static EigenDecomposition_F64<DMatrixRMaj> decomposed(DenseMatrix matrix, boolean vectors) {
        var decomposition = DecompositionFactory_DDRM.eig(matrix.rows(), vectors, true);
        if (!decomposition.decompose(Singular.finite(matrix))) {
            throw Singular.notConverged();
        }
        return decomposition;
    }
}
