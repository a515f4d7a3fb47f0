package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;

/**
 * The orthogonal Procrustes distance of representations that are centred and scaled to unit
 * Frobenius norm.
 *
 * <pre>min over rotations Q of ||A - B Q|| = sqrt(2 - 2 ||A'B||_*)</pre>
 *
 * A distance from 0 to sqrt 2. Unchanged by rotation, isotropic scaling and translation. Ding,
 * Denain and Steinhardt 2021, Grounding representation similarity with statistical testing, report
 * its square.
 *
 * <p>Accurate to 1e-7, as {@linkplain stir.core.measure the package} defines.
 */
public final class NormalisedProcrustes extends BuiltInMeasure {
    public NormalisedProcrustes() {
        super(
                Family.ALIGNMENT,
                "procrustes",
                "Procrustes distance at unit norm (Ding et al. 2021, Williams et al. 2021)",
                Scale.distance(Math.sqrt(2)));
    }

    @Override
    double value(Matrix a, Matrix b) {
        var alignment = Alignment.of(varying(a, "first"), varying(b, "second"));
        return Math.sqrt(2 - 2 * alignment.cosine());
    }
}
