package stir.core.measure;

/**
 * RSA by Spearman's rank correlation, with ties at their mean rank: unchanged by any increasing
 * function of the dissimilarities. {@code coefficient=rho-a} is its average if ties are broken at
 * random: it is below 1 for equal dissimilarities that have ties, and fair to models that predict
 * ties, as models of categories do (Schuett, Kipnis, Diedrichsen and Kriegeskorte 2023, Statistical
 * inference on representational geometries). See {@link RepresentationalSimilarity}.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class RsaSpearman extends RepresentationalSimilarity {
    public RsaSpearman() {
        super(Comparison.SPEARMAN);
    }
}
