package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;

/**
 * Distance correlation.
 *
 * <pre>sqrt(dCov^2(A, B) / sqrt(dCov^2(A, A) dCov^2(B, B)))</pre>
 *
 * with the dot products of the doubly centred matrices of Euclidean distances as dCov^2. From 0 to
 * 1; biased, as CKA is: above 0 for independent representations of few inputs. Unchanged by
 * rotation, isotropic scaling and translation. Source: Szekely, Rizzo and Bakirov 2007, Measuring
 * and testing dependence by correlation of distances.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class DistanceCorrelation extends BuiltInMeasure {
    public DistanceCorrelation() {
        super(Family.RSA, "distance-correlation", "Correlation of centred distances (Szekely et al. 2007)", Scale.UNIT);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var ofA = Dissimilarity.EUCLIDEAN.of(id(), a, "first");
        var ofB = Dissimilarity.EUCLIDEAN.of(id(), b, "second");
        double covariance = Math.max(0, ofA.centredDot(ofB));
        return Math.sqrt(normalised(covariance, ofA.centredDot(ofA), ofB.centredDot(ofB)));
    }
}
