package stir.core.measure;

import java.util.Arrays;
import java.util.List;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;

/**
 * Canonical correlation analysis: the mean of the correlations of the best matching linear
 * combinations of features, as many as the narrower representation has independent features.
 *
 * <p>From 0 to 1. Unchanged by any invertible linear map and by translation, and therefore
 * trivially 1 if there are at least as many features as inputs. Some correlations are already 1 if
 * both representations together have more features than inputs less one: for independent
 * representations of 100 inputs with 64 features each the mean is 0.74. {@code
 * summary=mean-squared} is the mean of the squares (R2_CCA), {@code summary=first} the largest
 * correlation. Source: Hotelling 1936, Relations between two sets of variates; as a measure of
 * representations: Raghu, Gilmer, Yosinski and Sohl-Dickstein 2017, SVCCA.
 *
 * <p>Accurate to 1e-10, as {@linkplain stir.core.measure the package} defines.
 */
public final class Cca extends BuiltInMeasure {
    private final String summary;

    public Cca() {
        this(Parameters.NONE.andChoice("summary", "of the correlations", List.of("mean", "mean-squared", "first")));
    }

    private Cca(Parameters parameters) {
        super(
                Family.PREDICTION,
                "cca",
                "Mean canonical correlation (Raghu et al. 2017)",
                Scale.UNIT,
                parameters,
                Cca::new);
        summary = parameters.choice("summary");
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return CanonicalCorrelations.sharedSpaceCautions(rows, columnsOfA, columnsOfB);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var spanOfA = CanonicalCorrelations.span(varying(a, "first"));
        var spanOfB = CanonicalCorrelations.span(varying(b, "second"));
        var correlations = Arrays.stream(CanonicalCorrelations.of(spanOfA, spanOfB));
        return switch (summary) {
            case "mean" -> correlations.average().orElseThrow();
            case "mean-squared" -> correlations.map(rho -> rho * rho).average().orElseThrow();
            default -> correlations.max().orElseThrow();
        };
    }
}
