package stir.core.similarity;

import stir.api.SimilarityMeasure;

import java.util.List;

/**
 * RSA with Spearman's rank correlation, ties at their mean rank: unchanged by any increasing
 * function of the dissimilarities. {@code coefficient=rho-a} is what it would be on average if ties
 * were broken at random: below 1 for equal dissimilarities that have ties, and the fair one between
 * models of which some predict ties, as models of categories do (Schuett, Kipnis, Diedrichsen and
 * Kriegeskorte 2023, Statistical inference on representational geometries). See {@link
 * RepresentationalSimilarity}.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class RsaSpearman extends RepresentationalSimilarity {
    private static final String WITHOUT_TIES = "rho-a";

    private final boolean ignoresTies;

    /** RSA of correlation dissimilarities. */
    public RsaSpearman() {
        this(
                DISSIMILARITIES.andChoice(
                        "coefficient", "of rank correlation", List.of("rho", WITHOUT_TIES)));
    }

    private RsaSpearman(Parameters parameters) {
        super("rsa-spearman", "Spearman's rank correlation", parameters);
        ignoresTies = parameters.choice("coefficient").equals(WITHOUT_TIES);
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new RsaSpearman(changed);
    }

    @Override
    boolean onlyRanks() {
        return true;
    }

    @Override
    double compare(double[] first, double[] second) {
        var ranks = Correlation.ranks(first);
        var otherRanks = Correlation.ranks(second);
        return ignoresTies
                ? Correlation.rhoA(ranks, otherRanks)
                : Correlation.pearson(ranks, otherRanks);
    }
}
