package stir.core.similarity;

import stir.api.SimilarityMeasure;

/**
 * RSA with Kendall's tau-b: the share of concordant minus that of discordant pairs of
 * dissimilarities, corrected for ties. See {@link RepresentationalSimilarity}.
 */
public final class RsaKendall extends RepresentationalSimilarity {
    /** RSA of correlation dissimilarities. */
    public RsaKendall() {
        this(DISSIMILARITIES);
    }

    private RsaKendall(Parameters parameters) {
        super("rsa-kendall", "Kendall's tau-b", parameters);
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new RsaKendall(changed);
    }

    @Override
    double compare(double[] first, double[] second) {
        return Correlation.kendall(first, second);
    }
}
