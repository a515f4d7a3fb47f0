package stir.core.similarity;

import stir.api.SimilarityMeasure;

/**
 * RSA with Spearman's rank correlation, ties at their mean rank: unchanged by any increasing
 * function of the dissimilarities. See {@link RepresentationalSimilarity}.
 */
public final class RsaSpearman extends RepresentationalSimilarity {
    /** RSA of correlation dissimilarities. */
    public RsaSpearman() {
        this(DISSIMILARITIES);
    }

    private RsaSpearman(Parameters parameters) {
        super("rsa-spearman", "Spearman's rank correlation", parameters);
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new RsaSpearman(changed);
    }

    @Override
    double compare(double[] first, double[] second) {
        return Correlation.pearson(Correlation.ranks(first), Correlation.ranks(second));
    }
}
