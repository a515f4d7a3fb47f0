package stir.core.measure;

/**
 * RSA by the cosine of the two vectors of dissimilarities, which are not centred: high even for
 * unrelated representations. See {@link RepresentationalSimilarity}.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 *
 * @since 0.1.0
 */
public final class RsaCosine extends RepresentationalSimilarity {
    /** Creates RSA of correlation dissimilarities. */
    public RsaCosine() {
        super(Comparison.COSINE);
    }
}
