package stir.core.similarity;

import stir.api.SimilarityMeasure;

/**
 * RSA with Pearson's correlation: linear in the dissimilarities. See {@link
 * RepresentationalSimilarity}.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class RsaPearson extends RepresentationalSimilarity {
    /** RSA of correlation dissimilarities. */
    public RsaPearson() {
        this(DISSIMILARITIES);
    }

    private RsaPearson(Parameters parameters) {
        super("rsa-pearson", "Pearson's correlation", parameters);
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new RsaPearson(changed);
    }

    @Override
    double compare(double[] first, double[] second) {
        return Correlation.pearson(first, second);
    }
}
