package stir.core.measure;

/**
 * The number of an input's neighbours in both representations, divided by the number of those in
 * either.
 *
 * <pre>mean over inputs of |N_A and N_B| / |N_A or N_B|</pre>
 *
 * See {@link NeighbourMeasure}. Source: Schumacher, Wolf, Ritzert, Lemmerich, Grohe and Strohmaier
 * 2021, The effects of randomness on the stability of node embeddings.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class KnnJaccard extends NeighbourListMeasure {
    public KnnJaccard() {
        super("knn-jaccard", "Jaccard index of nearest neighbours (Schumacher et al. 2021)", KnnJaccard::ofRow);
    }

    private static double ofRow(int[] first, int[] second) {
        double shared = shared(first, second);
        return shared / (first.length + second.length - shared);
    }
}
