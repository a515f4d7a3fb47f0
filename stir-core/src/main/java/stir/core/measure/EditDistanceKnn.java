package stir.core.measure;

import java.util.stream.IntStream;

/**
 * 1 minus the edit distance of an input's neighbours in both representations, the nearest first:
 * the number of insertions, deletions and replacements that turn one list into the other.
 *
 * <pre>mean over inputs of 1 - edits(N_A, N_B) / k</pre>
 *
 * See {@link NeighbourMeasure}. Source: the code of Huh, Cheung, Wang and Isola 2024, The platonic
 * representation hypothesis, with the distance of Levenshtein 1966.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class EditDistanceKnn extends NeighbourListMeasure {
    public EditDistanceKnn() {
        super(
                "edit-distance-knn",
                "Few edits between the lists of nearest neighbours (Huh et al. 2024)",
                EditDistanceKnn::ofRow);
    }

    private static double ofRow(int[] first, int[] second) {
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
        return 1 - counts[second.length] / (double) first.length;
    }
}
