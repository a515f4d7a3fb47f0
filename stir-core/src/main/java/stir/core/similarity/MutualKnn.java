package stir.core.similarity;

import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

/**
 * The share of an input's neighbours that it has in both representations.
 *
 * <pre>mean over inputs of |N_A and N_B| / k</pre>
 *
 * See {@link NeighbourMeasure}. Source: Huh, Cheung, Wang and Isola 2024, The platonic
 * representation hypothesis.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class MutualKnn extends NeighbourMeasure {
    private final Dissimilarity metric;

    /** The share of 10 neighbours by cosine. */
    public MutualKnn() {
        this(K_AND_METRIC);
    }

    private MutualKnn(Parameters parameters) {
        super(
                "mutual-knn",
                "Share of nearest neighbours in both (Huh et al. 2024)",
                Scale.UNIT,
                parameters);
        metric = Dissimilarity.named(parameters.choice("metric"));
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new MutualKnn(changed);
    }

    @Override
    double value(Matrix a, Matrix b) {
        return meanOverRows(a, b, metric, (first, second) -> shared(first, second) / (double) k());
    }
}
