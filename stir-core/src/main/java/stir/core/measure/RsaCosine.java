package stir.core.measure;

/**
 * RSA by the cosine of the two vectors of dissimilarities, which are not centred: high even for
 * unrelated representations. See {@link RepresentationalSimilarity}.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class RsaCosine extends RepresentationalSimilarity {
    public RsaCosine() {
        super(VectorComparison.COSINE);
    }
}
