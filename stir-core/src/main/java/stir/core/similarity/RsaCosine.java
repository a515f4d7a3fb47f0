package stir.core.similarity;

import stir.api.SimilarityMeasure;

/**
 * RSA with the cosine of the two vectors of dissimilarities, which are not centred: high even for
 * unrelated representations. See {@link RepresentationalSimilarity}.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class RsaCosine extends RepresentationalSimilarity {
    /** RSA of correlation dissimilarities. */
    public RsaCosine() {
        this(DISSIMILARITIES);
    }

    private RsaCosine(Parameters parameters) {
        super("rsa-cosine", "cosine", parameters);
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new RsaCosine(changed);
    }

    @Override
    double compare(double[] first, double[] second) {
        return Correlation.cosine(first, second);
    }
}
