package stir.core.similarity;

import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

/**
 * The longest common subsequence of an input's neighbours in both representations, the nearest
 * first: how many of them are the same and in the same order.
 *
 * <pre>mean over inputs of |LCS(N_A, N_B)| / k</pre>
 *
 * The published code leaves out the division by {@code k}. See {@link NeighbourMeasure}. Source:
 * the code of Huh, Cheung, Wang and Isola 2024, The platonic representation hypothesis.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class LcsKnn extends NeighbourMeasure {
    private final Dissimilarity metric;

    /** The common subsequence of 10 neighbours by cosine. */
    public LcsKnn() {
        this(K_AND_METRIC);
    }

    private LcsKnn(Parameters parameters) {
        super(
                "lcs-knn",
                "Nearest neighbours in both and in one order (Huh et al. 2024)",
                Scale.UNIT,
                parameters);
        metric = Dissimilarity.named(parameters.choice("metric"));
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new LcsKnn(changed);
    }

    @Override
    double value(Matrix a, Matrix b) {
        return meanOverRows(a, b, metric, (first, second) -> common(first, second) / (double) k());
    }

    private static int common(int[] first, int[] second) {
        var lengths = new int[second.length + 1];
        for (int one : first) {
            int diagonal = 0;
            for (int j = 0; j < second.length; j++) {
                int above = lengths[j + 1];
                lengths[j + 1] = one == second[j] ? diagonal + 1 : Math.max(above, lengths[j]);
                diagonal = above;
            }
        }
        return lengths[second.length];
    }
}
