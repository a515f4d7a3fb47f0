package stir.core.measure;

import java.util.List;
import stir.api.Matrix;
import stir.api.Scale;

/**
 * Representational similarity analysis: a comparison of the dissimilarities of all pairs of inputs
 * within one representation with those within the other.
 *
 * <p>From -1 to 1. The dissimilarity is a parameter: {@code correlation} (the default; unchanged by
 * scaling and shifting each row), {@code euclidean} and {@code squared-euclidean} (by rotation and
 * translation) or {@code cosine} (by rotation and scaling each row). Source: Kriegeskorte, Mur and
 * Bandettini 2008, Representational similarity analysis.
 */
class RepresentationalSimilarity extends BuiltInMeasure {
    private static final String COEFFICIENT = "coefficient";

    private final VectorComparison comparison;
    private final Dissimilarity dissimilarity;
    private final boolean ignoresTies;

    /** The comparisons of two vectors of dissimilarities. */
    enum VectorComparison {
        COSINE("rsa-cosine", "Cosine") {
            @Override
            double of(double[] first, double[] second, boolean ignoresTies) {
                return Correlation.cosine(first, second);
            }
        },
        PEARSON("rsa-pearson", "Pearson's correlation") {
            @Override
            double of(double[] first, double[] second, boolean ignoresTies) {
                return Correlation.pearson(first, second);
            }
        },
        SPEARMAN("rsa-spearman", "Spearman's rank correlation", "rho", "rho-a") {
            @Override
            double of(double[] first, double[] second, boolean ignoresTies) {
                var ranks = Correlation.ranks(first);
                var otherRanks = Correlation.ranks(second);
                return ignoresTies ? Correlation.rhoA(ranks, otherRanks) : Correlation.pearson(ranks, otherRanks);
            }
        },
        KENDALL("rsa-kendall", "Kendall's tau", "tau-b", "tau-a") {
            @Override
            double of(double[] first, double[] second, boolean ignoresTies) {
                return ignoresTies ? Correlation.tauA(first, second) : Correlation.kendall(first, second);
            }
        };

        private final String id;
        private final String name;

        /** The names of a rank correlation's coefficients; empty for other comparisons. */
        private final String correctedForTies;

        private final String uncorrected;

        VectorComparison(String id, String name) {
            this(id, name, "", "");
        }

        VectorComparison(String id, String name, String correctedForTies, String uncorrected) {
            this.id = id;
            this.name = name;
            this.correctedForTies = correctedForTies;
            this.uncorrected = uncorrected;
        }

        /** Compares dissimilarities. */
        abstract double of(double[] first, double[] second, boolean ignoresTies);

        private boolean isOfRanks() {
            return !uncorrected.isEmpty();
        }

        private Parameters parameters() {
            var dissimilarity = Parameters.NONE.andChoice(
                    "dissimilarity",
                    "of two inputs within a representation",
                    Dissimilarity.words(
                            Dissimilarity.CORRELATION,
                            Dissimilarity.EUCLIDEAN,
                            Dissimilarity.SQUARED_EUCLIDEAN,
                            Dissimilarity.COSINE));
            return isOfRanks()
                    ? dissimilarity.andChoice(
                            COEFFICIENT, "of rank correlation", List.of(correctedForTies, uncorrected))
                    : dissimilarity;
        }
    }

    RepresentationalSimilarity(VectorComparison comparison) {
        this(comparison, comparison.parameters());
    }

    private RepresentationalSimilarity(VectorComparison comparison, Parameters parameters) {
        super(
                Family.RSA,
                comparison.id,
                "%s of dissimilarities (RSA; Kriegeskorte et al. 2008)".formatted(comparison.name),
                new Scale(-1, 1, true),
                parameters,
                changed -> new RepresentationalSimilarity(comparison, changed));
        this.comparison = comparison;
        dissimilarity = Dissimilarity.named(parameters.choice("dissimilarity"));
        ignoresTies = comparison.isOfRanks() && parameters.choice(COEFFICIENT).equals(comparison.uncorrected);
    }

    /** Returns 3, since two rows are a single pair, for which no correlation is defined. */
    @Override
    public final int minimumRows() {
        return 3;
    }

    @Override
    final double value(Matrix a, Matrix b) {
        var compared = comparison.isOfRanks() ? dissimilarity.inSameOrder() : dissimilarity;
        var first = compared.of(id(), a, "first").values();
        refuseEqual(first, "first");
        var second = compared.of(id(), b, "second").values();
        refuseEqual(second, "second");
        return comparison.of(first, second, ignoresTies);
    }

    private void refuseEqual(double[] dissimilarities, String which) {
        for (double value : dissimilarities) {
            if (value != dissimilarities[0]) {
                return;
            }
        }
        throw equallyDissimilar(which);
    }
}
