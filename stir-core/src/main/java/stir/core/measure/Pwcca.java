package stir.core.measure;

import java.util.List;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.Singular;

/**
 * Projection-weighted CCA: the canonical correlations {@code rho_i}, weighted by how much of the
 * first representation each of its canonical variables {@code h_i} accounts for.
 *
 * <pre>sum_i alpha_i rho_i / sum_i alpha_i,   alpha_i = sum_j |&lt;h_i, a_j&gt;|</pre>
 *
 * with the centred columns {@code a_j} of the first representation. From 0 to 1, not symmetric.
 * Unchanged by invertible linear maps of the second representation and by isotropic scaling and
 * permutation of the first. Source: Morcos, Raghu and Bengio 2018, Insights on representational
 * similarity in neural networks with canonical correlation.
 *
 * <p>Accurate to 1e-10, as {@linkplain stir.core.measure the package} defines.
 */
public final class Pwcca extends BuiltInMeasure {
    public Pwcca() {
        super(Family.PREDICTION, "pwcca", "CCA weighted by the first representation (Morcos et al. 2018)", Scale.UNIT);
    }

    @Override
    public boolean isSymmetric() {
        return false;
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return CanonicalCorrelations.sharedSpaceCautions(rows, columnsOfA, columnsOfB);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var centredA = varying(a, "first");
        var spanOfA = CanonicalCorrelations.span(centredA);
        var spanOfB = CanonicalCorrelations.span(varying(b, "second"));
        var pairs = Singular.of(Products.crossProduct(spanOfA.basis(), spanOfB.basis()));
        var projections = Products.product(pairs.left(), Products.crossProduct(spanOfA.basis(), centredA));
        double weighted = 0;
        double weights = 0;
        for (int i = 0; i < projections.rows(); i++) {
            double weight = 0;
            for (double projection : projections.row(i)) {
                weight += Math.abs(projection);
            }
            weighted += weight * CanonicalCorrelations.correlation(pairs.values()[i]);
            weights += weight;
        }
        return weighted / weights;
    }
}
