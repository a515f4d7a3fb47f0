package stir.core.math.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * The column space of a matrix: an orthonormal basis and the matrix's singular values.
 *
 * <p>It is computed from the eigenvectors of {@code x'x} or {@code xx'}, whichever is smaller: one
 * fast product instead of a decomposition of the tall matrix. Squaring loses half of the digits, so
 * the directions whose singular value is below 1e-5 of the largest are computed again from the
 * matrix projected onto them, repeatedly if necessary. The basis is orthonormalised once more where
 * the projections reduce its precision.
 *
 * <p>Directions count as zero if their singular value does not exceed the possible effect of the
 * values' rounding errors, 5 times the norm of {@link RowSource#roundingErrors}, or of the
 * computation's, the larger side times 2.2e-16 of the largest singular value. For single-precision
 * features of one size and without an offset this is 3e-7 to {@code 3e-7 sqrt(columns)} of the
 * largest, for double precision about 1e-13. An offset increases it, since it costs digits of the
 * values.
 *
 * @param basis the orthonormal basis, one column per direction; shared
 * @param singularValues the singular value of each direction, the largest first; shared, must not
 *     be modified
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record ColumnSpace(DenseMatrix basis, double[] singularValues) {
    /** Eigenvalues below this share of the largest have lost too many digits. */
    private static final double RESOLVED = 1e-10;

    /** The share above which the basis is not orthonormalised a second time. */
    private static final double WELL_CONDITIONED = 1e-4;

    /**
     * The factor by which singular values that should be 0 may exceed the values' own rounding
     * errors, since dependent features were rounded several times during their computation.
     */
    private static final double NOISE = 5;

    /** Returns the space of a matrix's columns, its basis ordered by singular values. */
    public static ColumnSpace of(RowSource x) {
        return of(x, 1);
    }

    /**
     * Returns the space of the first principal components, up to a share of the sum of the squared
     * singular values.
     *
     * @param share above 0 and at most 1
     */
    public static ColumnSpace of(RowSource x, double share) {
        boolean tall = x.rows() >= x.columns();
        var directions = Directions.of(x, tall, share);
        var values =
                directions.singularValues.stream().mapToDouble(value -> value).toArray();
        int rank = values.length;
        int size = Math.min(x.rows(), x.columns());
        var vectors = DenseMatrix.zeros(rank, size);
        for (int i = 0; i < rank; i++) {
            System.arraycopy(directions.vectors.get(i), 0, vectors.row(i), 0, size);
        }
        if (!tall) {
            return new ColumnSpace(vectors.transposed(), values);
        }
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j < size; j++) {
                vectors.set(i, j, vectors.get(i, j) / values[i]);
            }
        }
        var basis = Products.product(x, vectors.transposed());
        boolean precise = rank == 0 || values[rank - 1] * values[rank - 1] > WELL_CONDITIONED * values[0] * values[0];
        return new ColumnSpace(precise ? basis : orthonormalised(basis), values);
    }

    /** The singular vectors of the smaller side found so far, and their values. */
    private static final class Directions {
        private final List<double[]> vectors = new ArrayList<>();
        private final List<Double> singularValues = new ArrayList<>();

        static Directions of(RowSource x, boolean tall, double share) {
            var directions = new Directions();
            var eigen = SymmetricEigen.of(tall ? Products.crossProduct(x) : Products.gram(x));
            double largest = Math.sqrt(Math.max(0, eigen.values()[0]));
            double cut = Math.max(
                    Math.max(x.rows(), x.columns()) * Math.ulp(1.0) * largest, NOISE * norm(x.roundingErrors()));
            double wanted = share < 1
                    ? share * Arrays.stream(eigen.values()).filter(v -> v > 0).sum()
                    : Double.POSITIVE_INFINITY;
            var unresolved = eigen.vectors();
            int kept = directions.take(eigen.values(), unresolved, cut, wanted);
            // As long as some were found, and the rest could contain more of them.
            while (kept > 0
                    && kept < unresolved.rows()
                    && directions.heldSquares() < wanted
                    && RESOLVED * eigen.values()[0] > cut * cut
                    && eigen.values()[kept] <= RESOLVED * eigen.values()[0]) {
                var rest = unresolved.range(kept, unresolved.rows() - kept);
                eigen = SymmetricEigen.of(
                        tall
                                ? Products.crossProduct(Products.product(
                                        x, DenseMatrix.copyOf(rest).transposed()))
                                : Products.gram(Products.product(rest, x)));
                unresolved = Products.product(eigen.vectors(), rest);
                kept = directions.take(eigen.values(), unresolved, cut, wanted);
            }
            return directions;
        }

        /** Takes the directions that are certain, the largest first, and returns their number. */
        private int take(double[] eigenvalues, DenseMatrix eigenvectors, double cut, double wanted) {
            int taken = 0;
            while (taken < eigenvalues.length
                    && eigenvalues[taken] > RESOLVED * eigenvalues[0]
                    && eigenvalues[taken] > cut * cut
                    && heldSquares() < wanted) {
                vectors.add(eigenvectors.row(taken));
                singularValues.add(Math.sqrt(eigenvalues[taken]));
                taken++;
            }
            return taken;
        }

        private double heldSquares() {
            return singularValues.stream().mapToDouble(value -> value * value).sum();
        }

        private static double norm(double[] values) {
            return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
        }
    }

    /** Orthonormalises nearly orthonormal columns by the Cholesky factor of their products. */
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

    /** Returns the number of directions. */
    public int dimension() {
        return basis.columns();
    }

    /**
     * Returns the basis with each direction times its singular value: the matrix, rotated and
     * narrower.
     */
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
