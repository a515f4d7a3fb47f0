package stir.core.similarity;

import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

/**
 * The neighbours that an input has in both representations, weighed by how near they are and how
 * much their ranks agree.
 *
 * <pre>mean over inputs of sum over shared j of 2 / ((1 + |r_A(j) - r_B(j)|) (r_A(j) + r_B(j)))
 * </pre>
 *
 * divided by the largest such sum that as many shared neighbours could have; the ranks r count from
 * 1; 0 for an input that shares none. See {@link NeighbourMeasure}. Source: Wang, Liu and Chen
 * 2020, Towards understanding the instability of network embedding.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class RankSimilarity extends NeighbourMeasure {
    private final Dissimilarity metric;

    /** The rank similarity of 10 neighbours by cosine. */
    public RankSimilarity() {
        this(K_AND_METRIC);
    }

    private RankSimilarity(Parameters parameters) {
        super(
                "rank-similarity",
                "Nearest neighbours in both, weighed by rank (Wang et al. 2020)",
                Scale.UNIT,
                parameters);
        metric = Dissimilarity.named(parameters.choice("metric"));
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new RankSimilarity(changed);
    }

    @Override
    double value(Matrix a, Matrix b) {
        return meanOverRows(a, b, metric, RankSimilarity::ofRow);
    }

    private static double ofRow(int[] first, int[] second) {
        double sum = 0;
        double largest = 0;
        int shared = 0;
        for (int i = 0; i < first.length; i++) {
            int j = position(first[i], second);
            if (j >= 0) {
                sum += 2.0 / ((1 + Math.abs(i - j)) * (i + j + 2));
                shared++;
                largest += 1.0 / shared;
            }
        }
        return shared == 0 ? 0 : sum / largest;
    }
}
