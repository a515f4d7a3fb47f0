package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;

/**
 * The angle between two centred representations after the best rotation.
 *
 * <pre>arccos(||A'B||_* / (||A|| ||B||))</pre>
 *
 * A distance from 0 to pi/2, and a metric. Unchanged by rotation, isotropic scaling and
 * translation. Source: Williams, Kunz, Kornblith and Linderman 2021, Generalized shape metrics on
 * neural representations.
 *
 * <p>Accurate to 1e-7, as {@linkplain stir.core.measure the package} defines.
 */
public final class AngularProcrustes extends BuiltInMeasure {
    public AngularProcrustes() {
        super(
                Family.ALIGNMENT,
                "procrustes-angular",
                "Angle left by the best rotation (Williams et al. 2021)",
                Scale.distance(Math.PI / 2));
    }

    @Override
    double value(Matrix a, Matrix b) {
        var alignment = Alignment.of(varying(a, "first"), varying(b, "second"));
        return Math.acos(alignment.cosine());
    }
}
