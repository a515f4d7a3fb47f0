package stir.core.measure;

import java.util.List;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.PairValues;
import stir.core.math.linalg.SymmetricEigen;

/**
 * The norm of the difference of the two matrices of Euclidean distances between inputs.
 *
 * <pre>|| D_A - D_B ||</pre>
 *
 * A distance from 0 upwards, in the unit of the features, that grows with the number of inputs:
 * only values for the same number of inputs and features of one scale are comparable. Unchanged by
 * rotation and translation. {@code norm} is {@code frobenius} (the default) or {@code spectral},
 * the largest singular value, as in the code of Klabunde et al. 2024 (ReSi). Source: Klabunde,
 * Schumacher, Strohmaier and Lemmerich 2023, Similarity of neural network models.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class RsmNormDifference extends BuiltInMeasure {
    private static final String SPECTRAL = "spectral";

    private final boolean spectral;

    public RsmNormDifference() {
        this(Parameters.NONE.andChoice("norm", "of the difference", List.of("frobenius", SPECTRAL)));
    }

    private RsmNormDifference(Parameters parameters) {
        super(
                Family.RSA,
                "rsm-norm-difference",
                "Norm of the difference of distances (Klabunde et al. 2023)",
                Scale.distance(Double.POSITIVE_INFINITY),
                parameters,
                RsmNormDifference::new);
        spectral = parameters.choice("norm").equals(SPECTRAL);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var ofA = Dissimilarity.EUCLIDEAN.of(id(), a, "first");
        var ofB = Dissimilarity.EUCLIDEAN.of(id(), b, "second");
        return spectral ? spectralNorm(ofA, ofB) : frobeniusNorm(ofA, ofB);
    }

    private static double frobeniusNorm(PairValues ofA, PairValues ofB) {
        double sum = 0;
        for (int i = 0; i < ofA.values().length; i++) {
            double difference = ofA.values()[i] - ofB.values()[i];
            sum += difference * difference;
        }
        return Math.sqrt(2 * sum);
    }

    private static double spectralNorm(PairValues ofA, PairValues ofB) {
        int size = ofA.size();
        var difference = DenseMatrix.zeros(size, size);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                difference.set(i, j, i == j ? 0 : ofA.get(i, j) - ofB.get(i, j));
            }
        }
        var values = SymmetricEigen.of(difference).values();
        return Math.max(values[0], -values[size - 1]);
    }
}
