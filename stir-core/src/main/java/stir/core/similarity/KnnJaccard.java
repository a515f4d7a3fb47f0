package stir.core.similarity;

import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

/**
 * The neighbours that an input has in both representations, divided by those that it has in either.
 *
 * <pre>mean over inputs of |N_A and N_B| / |N_A or N_B|</pre>
 *
 * See {@link NeighbourMeasure}. Source: Schumacher, Wolf, Ritzert, Lemmerich, Grohe and Strohmaier
 * 2021, The effects of randomness on the stability of node embeddings.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class KnnJaccard extends NeighbourMeasure {
    private final Dissimilarity metric;

    /** The Jaccard similarity of 10 neighbours by cosine. */
    public KnnJaccard() {
        this(K_AND_METRIC);
    }

    private KnnJaccard(Parameters parameters) {
        super(
                "knn-jaccard",
                "Shared share of both inputs' nearest neighbours together (Schumacher et al. 2021)",
                Scale.UNIT,
                parameters);
        metric = Dissimilarity.named(parameters.choice("metric"));
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new KnnJaccard(changed);
    }

    @Override
    double value(Matrix a, Matrix b) {
        return meanOverRows(
                a,
                b,
                metric,
                (first, second) -> {
                    double shared = shared(first, second);
                    return shared / (first.length + second.length - shared);
                });
    }
}
