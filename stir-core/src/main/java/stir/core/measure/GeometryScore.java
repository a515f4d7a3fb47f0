package stir.core.measure;

import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.PairValues;
import stir.core.math.random.KeyedRandom;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The geometry score: the difference of the numbers of holes in the two point clouds of inputs.
 *
 * <pre>sum over i &lt; 100 of ( p_A(i) - p_B(i) )^2</pre>
 *
 * where {@code p(i)} is the mean relative living time of {@code i} holes: the share of relaxations
 * at which a witness complex has {@code i} of them (its first Betti number), from 0 to {@code
 * gamma} n/5000 of the largest distance from a landmark, averaged over {@code repeats} random
 * choices of {@code landmarks} inputs, by Euclidean distance. The defaults are those of the
 * published code. It differs from that code in three points: the landmarks of a choice are
 * different inputs, they are the same in both representations, and holes count even if a complex
 * has no triangle.
 *
 * <p>A distance from 0 to 2. It compares two point clouds, not single inputs: a permutation of the
 * inputs of one representation changes little, and 0 does not mean that two representations are
 * similar. Unchanged by rotation, translation and isotropic scaling. Source: Khrulkov and Oseledets
 * 2018, Geometry score: a method for comparing generative adversarial networks (ICML), algorithms 1
 * and 2.
 *
 * <p>Random numbers are keyed by {@code rng-seed}; the value depends on the order of the inputs if
 * there are more of them than landmarks. For 500 inputs the default of 1000 choices in each of two
 * representations takes about 8 seconds of one core, and time grows linearly with the inputs.
 * Accurate to 1e-9, as {@linkplain stir.core.measure the package} defines.
 */
public final class GeometryScore extends BuiltInMeasure {
    private static final int MAX_LANDMARKS = 200;
    private static final int MAX_HOLES = 100;
    private static final double PUBLISHED_ROWS = 5000;

    private final int landmarks;
    private final int repeats;
    private final double gamma;
    private final int rngSeed;

    public GeometryScore() {
        this(
                Parameters.NONE
                        .andInteger("landmarks", "inputs that are corners of a complex", 64, 4)
                        .andInteger("repeats", "random choices of landmarks", 1000, 1)
                        .andPositive(
                                "gamma",
                                "the largest relaxation for 5000 inputs, as a share of the largest distance",
                                1.0 / 128)
                        .andInteger("rng-seed", "the seed of the landmarks' random numbers", 0, 0));
    }

    private GeometryScore(Parameters parameters) {
        super(
                "geometry-score",
                "Difference of numbers of holes (Khrulkov and Oseledets 2018)",
                Scale.distance(2),
                parameters,
                GeometryScore::new);
        landmarks = parameters.integer("landmarks");
        repeats = parameters.integer("repeats");
        gamma = parameters.number("gamma");
        rngSeed = parameters.integer("rng-seed");
    }

    /**
     * Returns false, since the score is 0 for nearly all samples of point clouds without holes and
     * for nearly all their parts, so that the values of parts are uninformative.
     */
    @Override
    public boolean hasInterval() {
        return false;
    }

    @Override
    public int minimumRows() {
        return 4;
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return rows <= 4L * landmarks
                ? List.of(
                        Caution.of(
                                "few-inputs-per-landmark",
                                Map.of("inputs", rows, "landmarks", landmarks)))
                : List.of();
    }

    @Override
    double value(Matrix a, Matrix b) {
        int taken = Math.min(landmarks, a.rows());
        checkAtMost(MAX_LANDMARKS, taken, "landmarks");
        var ofA = livingTimes(a, "first", taken);
        var ofB = livingTimes(b, "second", taken);
        double sum = 0;
        for (int i = 0; i < MAX_HOLES; i++) {
            sum += (ofA[i] - ofB[i]) * (ofA[i] - ofB[i]);
        }
        return sum;
    }

    /** Returns the mean relative living times by the number of holes. */
    private double[] livingTimes(Matrix x, String which, int taken) {
        varying(x, which);
        var distances = Dissimilarity.EUCLIDEAN.of(id(), x, which);
        int choices = taken == x.rows() ? 1 : repeats;
        var all =
                IntStream.range(0, choices)
                        .parallel()
                        .mapToObj(choice -> livingTimes(distances, choice, taken))
                        .toList();
        return IntStream.range(0, MAX_HOLES)
                .mapToDouble(i -> all.stream().mapToDouble(times -> times[i]).sum() / choices)
                .toArray();
    }

    private double[] livingTimes(PairValues distances, int choice, int taken) {
        int size = distances.size();
        return WitnessComplex.of(
                        distances,
                        KeyedRandom.choice(rngSeed, choice, taken, size),
                        gamma * size / PUBLISHED_ROWS)
                .shares(MAX_HOLES);
    }
}
