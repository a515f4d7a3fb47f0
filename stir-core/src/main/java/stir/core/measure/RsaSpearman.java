package stir.core.measure;

/**
 * RSA by Spearman's rank correlation, where ties have their mean rank: unchanged by any increasing
 * function of the dissimilarities. With {@code coefficient=rho-a} the value is the average over
 * random orders of the ties. That average is below 1 even for equal dissimilarities if they have
 * ties, but does not penalise models that predict ties, as models of categories do (Schuett,
 * Kipnis, Diedrichsen and Kriegeskorte 2023, Statistical inference on representational geometries).
 * See {@link RepresentationalSimilarity}.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class RsaSpearman extends RepresentationalSimilarity {
    public RsaSpearman() {
        super(VectorComparison.SPEARMAN);
    }
}
