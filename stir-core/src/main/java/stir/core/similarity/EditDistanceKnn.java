package stir.core.similarity;

import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

import java.util.stream.IntStream;

/**
 * 1 minus the edit distance of an input's neighbours in both representations, the nearest first:
 * how many have to be put in, left out or replaced to turn one list into the other.
 *
 * <pre>mean over inputs of 1 - edits(N_A, N_B) / k</pre>
 *
 * See {@link NeighbourMeasure}. Source: the code of Huh, Cheung, Wang and Isola 2024, The platonic
 * representation hypothesis, with the distance of Levenshtein 1966.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class EditDistanceKnn extends NeighbourMeasure {
    private final Dissimilarity metric;

    /** The edit distance of 10 neighbours by cosine. */
    public EditDistanceKnn() {
        this(K_AND_METRIC);
    }

    private EditDistanceKnn(Parameters parameters) {
        super(
                "edit-distance-knn",
                "Few edits between the lists of nearest neighbours (Huh et al. 2024)",
                Scale.UNIT,
                parameters);
        metric = Dissimilarity.named(parameters.choice("metric"));
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new EditDistanceKnn(changed);
    }

    @Override
    double value(Matrix a, Matrix b) {
        return meanOverRows(
                a, b, metric, (first, second) -> 1 - edits(first, second) / (double) k());
    }

    private static int edits(int[] first, int[] second) {
        var counts = IntStream.rangeClosed(0, second.length).toArray();
        for (int i = 0; i < first.length; i++) {
            int diagonal = counts[0];
            counts[0] = i + 1;
            for (int j = 0; j < second.length; j++) {
                int above = counts[j + 1];
                int replaced = first[i] == second[j] ? diagonal : diagonal + 1;
                counts[j + 1] = Math.min(replaced, 1 + Math.min(above, counts[j]));
                diagonal = above;
            }
        }
        return counts[second.length];
    }
}
