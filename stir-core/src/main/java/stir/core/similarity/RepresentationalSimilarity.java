package stir.core.similarity;

import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;

/**
 * Representational similarity analysis: the dissimilarities of all pairs of inputs within one
 * representation are compared with those within the other.
 *
 * <p>From -1 to 1. The dissimilarity is a parameter: {@code correlation} (the default; unchanged by
 * scaling and shifting each row), {@code euclidean} and {@code squared-euclidean} (by rotation and
 * translation) or {@code cosine} (by rotation and scaling each row). Source: Kriegeskorte, Mur and
 * Bandettini 2008, Representational similarity analysis.
 */
abstract class RepresentationalSimilarity extends BuiltInMeasure {
    static final Parameters DISSIMILARITIES =
            Parameters.NONE.andChoice(
                    "dissimilarity",
                    "of two inputs within a representation",
                    Dissimilarity.words(
                            Dissimilarity.CORRELATION,
                            Dissimilarity.EUCLIDEAN,
                            Dissimilarity.SQUARED_EUCLIDEAN,
                            Dissimilarity.COSINE));

    private final Dissimilarity dissimilarity;

    RepresentationalSimilarity(String id, String comparison, Parameters parameters) {
        super(
                id,
                "RSA: %s of pairwise dissimilarities (Kriegeskorte et al. 2008)"
                        .formatted(comparison),
                new Scale(-1, 1, true),
                parameters);
        dissimilarity = Dissimilarity.named(parameters.choice("dissimilarity"));
    }

    /** Two rows are one pair, which correlates with nothing. */
    @Override
    public final int minimumRows() {
        return 3;
    }

    @Override
    final double value(Matrix a, Matrix b) {
        var compared = onlyRanks() ? dissimilarity.inSameOrder() : dissimilarity;
        var first = compared.of(id(), a, "first").values();
        refuseEqual(first, "first");
        var second = compared.of(id(), b, "second").values();
        refuseEqual(second, "second");
        return compare(first, second);
    }

    private void refuseEqual(double[] dissimilarities, String which) {
        for (double value : dissimilarities) {
            if (value != dissimilarities[0]) {
                return;
            }
        }
        throw new DataException(
                "'%s' is not defined: all pairs of inputs are equally dissimilar in the %s representation; give more inputs or choose another dissimilarity."
                        .formatted(id(), which));
    }

    /** Whether only the order of the dissimilarities counts. */
    boolean onlyRanks() {
        return false;
    }

    /** Compares dissimilarities, which it may overwrite. */
    abstract double compare(double[] first, double[] second);
}
