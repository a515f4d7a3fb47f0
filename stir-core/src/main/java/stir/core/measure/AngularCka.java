package stir.core.measure;

import java.util.List;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.MappedRows;

/**
 * The angle whose cosine is linear CKA: a metric, which CKA itself is not.
 *
 * <pre>arccos(||A'B||^2 / (||A'A|| ||B'B||))</pre>
 *
 * A distance from 0 to pi/2, biased as {@link LinearCka} is. Unchanged by rotation, isotropic
 * scaling and translation. Source: Williams, Kunz, Kornblith and Linderman 2021, Generalized shape
 * metrics on neural representations.
 *
 * <p>Accurate to 1e-7, as {@linkplain stir.core.measure the package} defines.
 */
public final class AngularCka extends BuiltInMeasure {
    public AngularCka() {
        super(
                Family.CKA,
                "angular-cka",
                "Angle of linear CKA, biased (Williams et al. 2021)",
                Scale.distance(Math.PI / 2));
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return new LinearCka().cautions(rows, columnsOfA, columnsOfB);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var dots = LinearCka.kernelDots(MappedRows.centred(a), MappedRows.centred(b));
        return Math.acos(Math.min(1, normalised(dots[0], dots[1], dots[2])));
    }
}
