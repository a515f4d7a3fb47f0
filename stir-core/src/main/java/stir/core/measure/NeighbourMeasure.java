package stir.core.measure;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import stir.api.Caution;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.math.linalg.PairValues;

/**
 * The common part of measures that compare, for each input, its nearest other inputs in both
 * representations; the mean over the inputs.
 *
 * <p>From 0 to 1. Parameters: {@code k}, the number of neighbours, and {@code metric}: {@code
 * cosine} (the default; unchanged by rotation and by scaling each row), {@code euclidean} (by
 * rotation, translation and isotropic scaling) or {@code inner-product} (by rotation and isotropic
 * scaling). Equally near inputs are taken in their order.
 */
abstract class NeighbourMeasure extends BuiltInMeasure {
    static final Parameters K = Parameters.NONE.andInteger("k", "the number of neighbours", 10, 1);

    static final Parameters K_AND_METRIC = K.andChoice(
            "metric",
            "how near two inputs are",
            Dissimilarity.words(Dissimilarity.COSINE, Dissimilarity.EUCLIDEAN, Dissimilarity.INNER_PRODUCT));

    private final int k;

    NeighbourMeasure(
            String id,
            String description,
            Scale scale,
            Parameters parameters,
            Function<Parameters, SimilarityMeasure> factory) {
        super(Family.NEIGHBOURS, id, description, scale, parameters, factory);
        k = parameters.integer("k");
    }

    /** Returns the number of neighbours. */
    final int k() {
        return k;
    }

    @Override
    public int neighbours() {
        return k;
    }

    /** Returns at least {@code k + 1}, so that every input has k others. */
    @Override
    public final int minimumRows() {
        return Math.max(4, Math.addExact(k, 1));
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return 2L * k >= rows
                ? List.of(Caution.of("neighbours-are-half", Map.of("inputs", rows, "neighbours", k)))
                : List.of();
    }

    /**
     * Returns the nearest other rows of each row.
     *
     * @param distances the distances of all pairs; the smaller the nearer
     * @return one row per input: {@code k} others, the nearest first
     */
    final int[][] neighbours(PairValues distances) {
        return neighbours(distances, k);
    }

    /** Returns the {@code k} nearest other rows of each row; there are at least that many. */
    static int[][] neighbours(PairValues distances, int k) {
        var neighbours = new int[distances.size()][];
        for (int i = 0; i < neighbours.length; i++) {
            neighbours[i] = nearest(distances, i, k);
        }
        return neighbours;
    }

    private static int[] nearest(PairValues distances, int row, int k) {
        var nearest = new int[k];
        var nearestDistances = new double[k];
        int count = 0;
        for (int other = 0; other < distances.size(); other++) {
            if (other == row) {
                continue;
            }
            double distance = distances.get(row, other);
            if (count == k && distance >= nearestDistances[k - 1]) {
                continue;
            }
            int at = count < k ? count++ : k - 1;
            while (at > 0 && nearestDistances[at - 1] > distance) {
                nearest[at] = nearest[at - 1];
                nearestDistances[at] = nearestDistances[at - 1];
                at--;
            }
            nearest[at] = other;
            nearestDistances[at] = distance;
        }
        return nearest;
    }

    /** Returns the number of common elements of two short lists. */
    static int shared(int[] first, int[] second) {
        int shared = 0;
        for (int one : first) {
            if (position(one, second) >= 0) {
                shared++;
            }
        }
        return shared;
    }

    /** Returns the index of an input in a short list, or -1. */
    static int position(int wanted, int[] list) {
        for (int i = 0; i < list.length; i++) {
            if (list[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
