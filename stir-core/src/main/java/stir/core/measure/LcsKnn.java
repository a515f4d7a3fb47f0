package stir.core.measure;

/**
 * The longest common subsequence of an input's neighbours in both representations, the nearest
 * first: the number of neighbours that are equal and in the same order.
 *
 * <pre>mean over inputs of |LCS(N_A, N_B)| / k</pre>
 *
 * The published code omits the division by {@code k}. See {@link NeighbourMeasure}. Source: the
 * code of Huh, Cheung, Wang and Isola 2024, The platonic representation hypothesis.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class LcsKnn extends NeighbourListMeasure {
    public LcsKnn() {
        super("lcs-knn", "Common nearest neighbours in the same order (Huh et al. 2024)", LcsKnn::ofRow);
    }

    private static double ofRow(int[] first, int[] second) {
        var lengths = new int[second.length + 1];
        for (int one : first) {
            int diagonal = 0;
            for (int j = 0; j < second.length; j++) {
                int above = lengths[j + 1];
                lengths[j + 1] = one == second[j] ? diagonal + 1 : Math.max(above, lengths[j]);
                diagonal = above;
            }
        }
        return lengths[second.length] / (double) first.length;
    }
}
