package stir.core.linalg;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

import java.util.Arrays;

/**
 * The space that a matrix's columns span: an orthonormal basis of it and the matrix's singular
 * values.
 *
 * <p>It is found from the eigenvectors of {@code x'x} or {@code xx'}, whichever is smaller: one
 * fast product instead of a decomposition of the tall matrix. Directions with a singular value
 * below 3e-7 of the largest one count as zero. What the squaring costs in precision is made good by
 * orthonormalising the basis once more, which leaves the space as it is.
 */
public final class ColumnSpace {
    /** Eigenvalues below this share of the largest are rounding errors. */
    private static final double NEGLIGIBLE = 1e-13;

    /** Above this share no second orthonormalisation is needed. */
    private static final double WELL_CONDITIONED = 1e-4;

    private final DenseMatrix basis;
    private final double[] singularValues;

    private ColumnSpace(DenseMatrix basis, double[] singularValues) {
        this.basis = basis;
        this.singularValues = singularValues;
    }

    /** The space of a matrix's columns, its basis ordered by singular values. */
    public static ColumnSpace of(RowSource x) {
        return of(x, 1);
    }

    /**
     * The space of the first principal components, as many as it takes to hold a share of the sum
     * of the squared singular values.
     *
     * @param share above 0 and at most 1
     */
    public static ColumnSpace of(RowSource x, double share) {
        boolean tall = x.rows() >= x.columns();
        var eigen = SymmetricEigen.of(tall ? Products.crossProduct(x) : Products.gram(x));
        int rank = rank(eigen.values(), share);
        var values = Arrays.stream(eigen.values(), 0, rank).map(Math::sqrt).toArray();
        var vectors = DenseMatrix.copyOf(eigen.vectors().range(0, rank));
        if (!tall) {
            return new ColumnSpace(vectors.transposed(), values);
        }
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j < vectors.columns(); j++) {
                vectors.set(i, j, vectors.get(i, j) / values[i]);
            }
        }
        var basis = Products.product(x, vectors.transposed());
        boolean precise =
                rank == 0 || eigen.values()[rank - 1] > WELL_CONDITIONED * eigen.values()[0];
        return new ColumnSpace(precise ? basis : orthonormalised(basis), values);
    }

    private static int rank(double[] eigenvalues, double share) {
        double sum = 0;
        int positive = 0;
        while (positive < eigenvalues.length
                && eigenvalues[positive] > NEGLIGIBLE * eigenvalues[0]) {
            sum += eigenvalues[positive];
            positive++;
        }
        double held = 0;
        for (int i = 0; i < positive; i++) {
            held += eigenvalues[i];
            if (share < 1 && held >= share * sum) {
                return i + 1;
            }
        }
        return positive;
    }

    /** Columns that are nearly orthonormal, made so by the Cholesky factor of their products. */
    private static DenseMatrix orthonormalised(DenseMatrix nearly) {
        int size = nearly.columns();
        var products = Singular.finite(Products.crossProduct(nearly));
        var cholesky = DecompositionFactory_DDRM.chol(size, true);
        if (!cholesky.decompose(products)) {
            throw Singular.notConverged();
        }
        var inverse = new DMatrixRMaj(size, size);
        CommonOps_DDRM.invert(cholesky.getT(null), inverse);
        return Products.product(nearly, DenseMatrix.of(size, size, inverse.data).transposed());
    }

    /** The orthonormal basis, a column a direction. */
    public DenseMatrix basis() {
        return basis;
    }

    /** The number of directions. */
    public int dimension() {
        return basis.columns();
    }

    /** The singular value of each direction, the largest first; shared, not to be written. */
    public double[] singularValues() {
        return singularValues;
    }

    /** The basis, each direction times its singular value: the matrix, rotated and narrower. */
    public DenseMatrix scores() {
        var scores = DenseMatrix.copyOf(basis);
        for (int i = 0; i < scores.rows(); i++) {
            var row = scores.row(i);
            for (int j = 0; j < row.length; j++) {
                row[j] *= singularValues[j];
            }
        }
        return scores;
    }
}
