package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;

/**
 * The orthogonal Procrustes distance of representations that are centred but not scaled.
 *
 * <pre>min over rotations Q of ||A - B Q|| = sqrt(||A||^2 + ||B||^2 - 2 ||A'B||_*)</pre>
 *
 * A distance from 0 upwards, in the unit of the features, that grows with the root of the number of
 * inputs. Unchanged by rotation and translation. Source: Williams, Kunz, Kornblith and Linderman
 * 2021, Generalized shape metrics on neural representations.
 *
 * <p>Accurate to 1e-7, as {@linkplain stir.core.measure the package} defines.
 */
public final class SizeAndShapeProcrustes extends BuiltInMeasure {
    public SizeAndShapeProcrustes() {
        super(
                Family.ALIGNMENT,
                "procrustes-size-and-shape",
                "Procrustes distance, scale included (Williams et al. 2021)",
                Scale.distance(Double.POSITIVE_INFINITY));
    }

    @Override
    double value(Matrix a, Matrix b) {
        var alignment = Alignment.of(varying(a, "first"), varying(b, "second"));
        return Math.hypot(
                alignment.sizeOfA() - alignment.sizeOfB(),
                Math.sqrt(2 * alignment.sizeOfA() * alignment.sizeOfB()) * Math.sqrt(1 - alignment.cosine()));
    }
}
