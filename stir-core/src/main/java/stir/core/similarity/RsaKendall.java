package stir.core.similarity;

import stir.api.SimilarityMeasure;

import java.util.List;

/**
 * RSA with Kendall's tau-b: the share of concordant minus that of discordant pairs of
 * dissimilarities, corrected for ties. {@code coefficient=tau-a} does not correct for them: below 1
 * for equal dissimilarities that have ties, and the fair one between models of which some predict
 * ties, as models of categories do (Nili, Wingfield, Walther, Su, Marslen-Wilson and Kriegeskorte
 * 2014, A toolbox for representational similarity analysis). See {@link
 * RepresentationalSimilarity}.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class RsaKendall extends RepresentationalSimilarity {
    private static final String WITHOUT_TIES = "tau-a";

    private final boolean ignoresTies;

    /** RSA of correlation dissimilarities. */
    public RsaKendall() {
        this(
                DISSIMILARITIES.andChoice(
                        "coefficient", "of rank correlation", List.of("tau-b", WITHOUT_TIES)));
    }

    private RsaKendall(Parameters parameters) {
        super("rsa-kendall", "Kendall's tau", parameters);
        ignoresTies = parameters.choice("coefficient").equals(WITHOUT_TIES);
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new RsaKendall(changed);
    }

    @Override
    boolean onlyRanks() {
        return true;
    }

    @Override
    double compare(double[] first, double[] second) {
        return ignoresTies ? Correlation.tauA(first, second) : Correlation.kendall(first, second);
    }
}
