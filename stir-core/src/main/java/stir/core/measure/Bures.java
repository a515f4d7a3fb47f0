package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;

/**
 * The normalised Bures similarity: the fidelity of the two Gram matrices.
 *
 * <pre>||A'B||_* / (||A|| ||B||)</pre>
 *
 * with centred columns; the cosine of the angular Procrustes distance. From 0 to 1. Unchanged by
 * rotation, isotropic scaling and translation. Source: Harvey, Larsen and Williams 2024, Duality of
 * Bures and shape distances with implications for comparing neural representations.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class Bures extends BuiltInMeasure {
    public Bures() {
        super(Family.ALIGNMENT, "bures", "Normalised Bures similarity (Harvey et al. 2024)", Scale.UNIT);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var alignment = Alignment.of(varying(a, "first"), varying(b, "second"));
        return alignment.cosine();
    }
}
