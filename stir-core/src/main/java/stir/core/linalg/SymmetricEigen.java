package stir.core.linalg;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

import stir.api.DataException;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Eigenvalues and eigenvectors of a symmetric matrix. */
public final class SymmetricEigen {
    private final double[] values;
    private final DenseMatrix vectors;

    private SymmetricEigen(double[] values, DenseMatrix vectors) {
        this.values = values;
        this.vectors = vectors;
    }

    /** The eigenvalues, the largest first; shared, not to be written. */
    public double[] values() {
        return values;
    }

    /** The eigenvectors as <em>rows</em>, in the order of the values; shared. */
    public DenseMatrix vectors() {
        return vectors;
    }

    /**
     * Decomposes a symmetric matrix.
     *
     * @throws DataException if the computation does not converge
     */
    public static SymmetricEigen of(DenseMatrix matrix) {
        int size = matrix.rows();
        var decomposition = decomposed(matrix, true);
        var order =
                IntStream.range(0, size)
                        .boxed()
                        .sorted(
                                Comparator.comparingDouble(
                                        i -> -decomposition.getEigenvalue(i).real))
                        .mapToInt(i -> i)
                        .toArray();
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
     * The eigenvalues alone, the largest first.
     *
     * @throws DataException if the computation does not converge
     */
    public static double[] values(DenseMatrix matrix) {
        int size = matrix.rows();
        var decomposition = decomposed(matrix, false);
        var ascending =
                IntStream.range(0, size)
                        .mapToDouble(i -> decomposition.getEigenvalue(i).real)
                        .sorted()
                        .toArray();
        return IntStream.range(0, size).mapToDouble(i -> ascending[size - 1 - i]).toArray();
    }

    private static EigenDecomposition_F64<DMatrixRMaj> decomposed(
            DenseMatrix matrix, boolean vectors) {
        var decomposition = DecompositionFactory_DDRM.eig(matrix.rows(), vectors, true);
        if (!decomposition.decompose(Singular.finite(matrix))) {
            throw Singular.notConverged();
        }
        return decomposition;
    }
}
