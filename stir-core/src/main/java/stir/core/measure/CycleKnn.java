package stir.core.measure;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;

/**
 * The share of inputs to which two steps return: to one of the nearest neighbours in the second
 * representation, and from there to one of its nearest in the first.
 *
 * <pre>share of inputs i with i in N_A(j) for a j in N_B(i)</pre>
 *
 * Not symmetric, and generous: with {@code k} neighbours of {@code n} inputs, independent
 * representations have about {@code 1 - exp(-k^2 / n)}. See {@link NeighbourMeasure}. Source: the
 * code of Huh, Cheung, Wang and Isola 2024, The platonic representation hypothesis.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class CycleKnn extends NeighbourMeasure {
    private final Dissimilarity metric;

    public CycleKnn() {
        this(K_AND_METRIC);
    }

    private CycleKnn(Parameters parameters) {
        super(
                "cycle-knn",
                "Inputs recovered from the other's neighbours (Huh et al. 2024)",
                Scale.UNIT,
                parameters,
                CycleKnn::new);
        metric = Dissimilarity.named(parameters.choice("metric"));
    }

    @Override
    public boolean isSymmetric() {
        return false;
    }

    /** Returns {@code k^2}, since two steps reach that many inputs. */
    @Override
    public int neighbours() {
        return Math.multiplyExact(k(), k());
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        double chance = -Math.expm1(-(double) k() * k() / rows);
        return chance > 0.5
                ? List.of(Caution.of("cycles-by-chance", Map.of("inputs", rows, "neighbours", k(), "value", chance)))
                : super.cautions(rows, columnsOfA, columnsOfB);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var ofA = neighbours(metric.inSameOrder().of(id(), a, "first"));
        var ofB = neighbours(metric.inSameOrder().of(id(), b, "second"));
        int recovered = 0;
        for (int i = 0; i < ofA.length; i++) {
            int start = i;
            if (IntStream.of(ofB[i]).anyMatch(j -> position(start, ofA[j]) >= 0)) {
                recovered++;
            }
        }
        return recovered / (double) ofA.length;
    }
}
