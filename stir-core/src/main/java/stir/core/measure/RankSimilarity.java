package stir.core.measure;

/**
 * The neighbours that an input has in both representations, weighted by their nearness and by the
 * agreement of their ranks.
 *
 * <pre>mean over inputs of sum over shared j of 2 / ((1 + |r_A(j) - r_B(j)|) (r_A(j) + r_B(j)))
 * </pre>
 *
 * divided by the largest possible sum for the same number of shared neighbours; the ranks r count
 * from 1; 0 for an input without shared neighbours. See {@link NeighbourMeasure}. Source: Wang, Liu
 * and Chen 2020, Towards understanding the instability of network embedding.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class RankSimilarity extends NeighbourListMeasure {
    public RankSimilarity() {
        super(
                "rank-similarity",
                "Common nearest neighbours, weighted by rank (Wang et al. 2020)",
                RankSimilarity::ofRow);
    }

    private static double ofRow(int[] first, int[] second) {
        double sum = 0;
        double largest = 0;
        int shared = 0;
        for (int i = 0; i < first.length; i++) {
            int j = position(first[i], second);
            if (j >= 0) {
                sum += 2.0 / ((1 + Math.abs(i - j)) * (i + j + 2));
                shared++;
                largest += 1.0 / shared;
            }
        }
        return shared == 0 ? 0 : sum / largest;
    }
}
