package stir.core.measure;

/**
 * RSA by Kendall's tau-b: the share of concordant minus that of discordant pairs of
 * dissimilarities, corrected for ties. {@code coefficient=tau-a} does not correct for ties: it is
 * below 1 for equal dissimilarities that have ties, and fair to models that predict ties, as models
 * of categories do (Nili, Wingfield, Walther, Su, Marslen-Wilson and Kriegeskorte 2014, A toolbox
 * for representational similarity analysis). See {@link RepresentationalSimilarity}.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class RsaKendall extends RepresentationalSimilarity {
    public RsaKendall() {
        super(VectorComparison.KENDALL);
    }
}
