package stir.core.measure;

import java.util.Arrays;
import java.util.List;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.PairValues;

/**
 * RSA that accounts for the dependence of dissimilarities: two pairs with an input in common share
 * its noise. The cosine of the two vectors of dissimilarities, or their correlation, is computed
 * after they have been whitened.
 *
 * <pre>x' V^-1 y / sqrt(x' V^-1 x  y' V^-1 y)</pre>
 *
 * with the covariance V of squared distances of inputs whose noise is independent and of one size:
 * 4 for a pair with itself, 1 for two pairs that share an input, 0 otherwise. Then {@code x' V^-1
 * y} is a fourth of the dot product of the doubly centred matrices, from which it is computed. The
 * cosine of squared Euclidean distances, the default, <em>is</em> linear CKA, and that of Euclidean
 * ones the square of the distance correlation. From -1 to 1. Unchanged by rotation, isotropic
 * scaling and translation. {@code comparison=correlation} subtracts the mean from both vectors
 * first. Source: Diedrichsen, Berlot, Mur, Schuett, Shahbazi and Kriegeskorte 2021, Comparing
 * representational geometries using whitened unbiased-distance-matrix similarity; values agree with
 * rsatoolbox's {@code cosine_cov} and {@code corr_cov}.
 *
 * <p>Accurate to 1e-9, as {@linkplain stir.core.measure the package} defines.
 */
public final class WhitenedRsa extends BuiltInMeasure {
    private static final String CORRELATION = "correlation";

    private final Dissimilarity dissimilarity;
    private final boolean centresValues;

    public WhitenedRsa() {
        this(Parameters.NONE
                .andChoice(
                        "dissimilarity",
                        "of two inputs within a representation",
                        Dissimilarity.words(
                                Dissimilarity.SQUARED_EUCLIDEAN,
                                Dissimilarity.EUCLIDEAN,
                                Dissimilarity.CORRELATION,
                                Dissimilarity.COSINE))
                .andChoice("comparison", "of the whitened dissimilarities", List.of("cosine", CORRELATION)));
    }

    private WhitenedRsa(Parameters parameters) {
        super(
                Family.RSA,
                "rsa-whitened",
                "Cosine of whitened dissimilarities (RSA; Diedrichsen et al. 2021)",
                new Scale(-1, 1, true),
                parameters,
                WhitenedRsa::new);
        dissimilarity = Dissimilarity.named(parameters.choice("dissimilarity"));
        centresValues = parameters.choice("comparison").equals(CORRELATION);
    }

    /** Returns 3, since two rows are a single pair, for which no correlation is defined. */
    @Override
    public int minimumRows() {
        return 3;
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return centresValues ? List.of() : new LinearCka().cautions(rows, columnsOfA, columnsOfB);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var ofA = dissimilarities(a, "first");
        var ofB = dissimilarities(b, "second");
        double both = ofA.centredDot(ofB);
        double self = ofA.centredDot(ofA);
        double other = ofB.centredDot(ofB);
        double cosine = both / (Math.sqrt(self) * Math.sqrt(other));
        return Math.max(-1, Math.min(1, cosine));
    }

    private PairValues dissimilarities(Matrix matrix, String which) {
        var pairs = dissimilarity.of(id(), matrix, which);
        double largest = Arrays.stream(pairs.values()).max().orElseThrow();
        double smallest = Arrays.stream(pairs.values()).min().orElseThrow();
        if (centresValues ? largest == smallest : largest == 0) {
            throw equallyDissimilar(which);
        }
        // Scaled, so that squares of squares neither vanish nor overflow.
        pairs.map(value -> value / largest);
        if (centresValues) {
            double mean = Arrays.stream(pairs.values()).average().orElseThrow();
            pairs.map(value -> value - mean);
        }
        return pairs;
    }
}
