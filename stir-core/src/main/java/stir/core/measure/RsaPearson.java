package stir.core.measure;

/**
 * RSA by Pearson's correlation: linear in the dissimilarities. See {@link
 * RepresentationalSimilarity}.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class RsaPearson extends RepresentationalSimilarity {
    public RsaPearson() {
        super(VectorComparison.PEARSON);
    }
}
