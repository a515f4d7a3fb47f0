package stir.core.measure;

import java.util.Arrays;
import java.util.List;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.ColumnSpace;

/**
 * Singular vector CCA: the mean canonical correlation of the principal components that contain a
 * share of each representation's variance.
 *
 * <p>From 0 to 1. Unchanged by rotation, isotropic scaling and translation. Source: Raghu, Gilmer,
 * Yosinski and Sohl-Dickstein 2017, SVCCA: singular vector canonical correlation analysis for deep
 * learning dynamics and interpretability.
 *
 * <p>Accurate to 1e-10, as {@linkplain stir.core.measure the package} defines.
 */
public final class Svcca extends BuiltInMeasure {
    private final double variance;

    public Svcca() {
        this(Parameters.NONE.andNumber(
                "variance",
                "share of the variance that the kept components hold",
                0.99,
                share -> share > 0 && share <= 1,
                "a number above 0 and up to 1"));
    }

    private Svcca(Parameters parameters) {
        super(
                Family.PREDICTION,
                "svcca",
                "Mean canonical correlation of principal components (Raghu et al. 2017)",
                Scale.UNIT,
                parameters,
                Svcca::new);
        variance = parameters.number("variance");
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return CanonicalCorrelations.sharedSpaceCautions(rows, columnsOfA, columnsOfB);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var componentsOfA = ColumnSpace.of(varying(a, "first"), variance);
        var componentsOfB = ColumnSpace.of(varying(b, "second"), variance);
        return Arrays.stream(CanonicalCorrelations.of(componentsOfA, componentsOfB))
                .average()
                .orElseThrow();
    }
}
