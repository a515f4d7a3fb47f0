package stir.core.similarity;

import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

import java.util.List;
import java.util.Map;

/**
 * How much the two representations differ in how evenly they spread inputs.
 *
 * <pre>| u(A) - u(B) |,   u(X) = log( 1/n^2 sum_ij exp(-t |x_i - x_j|^2) )</pre>
 *
 * A distance from 0 upwards, at most {@code log n}. It depends on the unit of the features: where
 * all distances are large against {@code 1/sqrt t}, only the n pairs of an input with itself count
 * and the value is 0; {@code t} is 2 as for rows of unit length. It sees nothing of which inputs
 * are near to which. Unchanged by rotation and translation. Source: Wang and Isola 2020,
 * Understanding contrastive representation learning through alignment and uniformity on the
 * hypersphere; as a difference in Klabunde, Schumacher, Strohmaier and Lemmerich 2023, Similarity
 * of neural network models.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class UniformityDifference extends BuiltInMeasure {
    /** With fewer, an interval of a difference held the mean in 40 to 79 % of simulated samples. */
    private static final int FEWEST_OF_A_DIFFERENCE = 200;

    private final double t;

    /** The uniformity difference with t = 2. */
    public UniformityDifference() {
        this(
                Parameters.NONE.andNumber(
                        "t",
                        "the factor of squared distances",
                        2,
                        t -> t > 0 && t < Double.POSITIVE_INFINITY,
                        "a number above 0"));
    }

    private UniformityDifference(Parameters parameters) {
        super(
                "uniformity-difference",
                "Difference of uniformity (Wang and Isola 2020)",
                Scale.distance(Double.POSITIVE_INFINITY),
                parameters);
        t = parameters.number("t");
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new UniformityDifference(changed);
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return rows < FEWEST_OF_A_DIFFERENCE
                ? List.of(
                        Caution.of(
                                "nearest-pairs-decide",
                                Map.of("inputs", rows, "enough-inputs", FEWEST_OF_A_DIFFERENCE)))
                : List.of();
    }

    @Override
    double value(Matrix a, Matrix b) {
        return Math.abs(uniformity(a, "first") - uniformity(b, "second"));
    }

    private double uniformity(Matrix x, String which) {
        var distances = Dissimilarity.SQUARED_EUCLIDEAN.of(id(), x, which);
        double sum = 0;
        for (double distance : distances.values()) {
            sum += Math.exp(-t * distance);
        }
        double n = x.rows();
        return Math.log((n + 2 * sum) / (n * n));
    }
}
