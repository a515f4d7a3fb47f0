package stir.core.measure;

/**
 * The share of an input's neighbours that are neighbours in both representations.
 *
 * <pre>mean over inputs of |N_A and N_B| / k</pre>
 *
 * See {@link NeighbourMeasure}. Source: Huh, Cheung, Wang and Isola 2024, The platonic
 * representation hypothesis.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class MutualKnn extends NeighbourListMeasure {
    public MutualKnn() {
        super("mutual-knn", "Share of common nearest neighbours (Huh et al. 2024)", MutualKnn::ofRow);
    }

    private static double ofRow(int[] first, int[] second) {
        return shared(first, second) / (double) first.length;
    }
}
