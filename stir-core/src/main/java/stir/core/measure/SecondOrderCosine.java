package stir.core.measure;

import java.util.stream.IntStream;
import stir.api.Matrix;
import stir.api.Scale;

/**
 * The mean cosine of two vectors per input, one per representation: the cosine distances to the
 * input's nearest neighbours in either representation.
 *
 * <p>From 0 to 1. The neighbours, {@code k} of each representation, are those of the largest
 * cosine. Unchanged by rotation and by scaling each row. An input whose neighbours are all at the
 * distance 0 counts as 1 if this holds in both representations, and as 0 otherwise. Source:
 * Hamilton, Leskovec and Jurafsky 2016, Cultural shift or linguistic drift?, with distances as in
 * Klabunde et al. 2023, Similarity of neural network models.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class SecondOrderCosine extends NeighbourMeasure {
    public SecondOrderCosine() {
        this(K);
    }

    private SecondOrderCosine(Parameters parameters) {
        super(
                "second-order-cosine",
                "Cosine of the distances to nearest neighbours (Hamilton et al. 2016)",
                Scale.UNIT,
                parameters,
                SecondOrderCosine::new);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var distancesOfA = Dissimilarity.COSINE.of(id(), a, "first");
        var distancesOfB = Dissimilarity.COSINE.of(id(), b, "second");
        var neighboursOfA = neighbours(distancesOfA);
        var neighboursOfB = neighbours(distancesOfB);
        double sum = 0;
        for (int i = 0; i < neighboursOfA.length; i++) {
            int row = i;
            var either = IntStream.concat(IntStream.of(neighboursOfA[i]), IntStream.of(neighboursOfB[i]))
                    .distinct()
                    .toArray();
            var ofA = IntStream.of(either)
                    .mapToDouble(j -> distancesOfA.get(row, j))
                    .toArray();
            var ofB = IntStream.of(either)
                    .mapToDouble(j -> distancesOfB.get(row, j))
                    .toArray();
            sum += cosine(ofA, ofB);
        }
        return sum / neighboursOfA.length;
    }

    private static double cosine(double[] first, double[] second) {
        boolean firstIsZero = IntStream.range(0, first.length).allMatch(i -> first[i] == 0);
        boolean secondIsZero = IntStream.range(0, second.length).allMatch(i -> second[i] == 0);
        if (firstIsZero || secondIsZero) {
            return firstIsZero && secondIsZero ? 1 : 0;
        }
        return Correlation.cosine(first, second);
    }
}
