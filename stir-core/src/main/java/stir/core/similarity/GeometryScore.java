package stir.core.similarity;

import stir.api.Caution;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.linalg.PairValues;
import stir.core.random.KeyedRandom;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The geometry score: how much the two clouds of inputs differ in their number of holes.
 *
 * <pre>sum over i &lt; 100 of ( p_A(i) - p_B(i) )^2</pre>
 *
 * where {@code p(i)} is the mean relative living time of {@code i} holes: the share of relaxations
 * at which a witness complex has {@code i} of them (its first Betti number), from 0 to {@code
 * gamma} n/5000 of the largest distance from a landmark, averaged over {@code repeats} random
 * choices of {@code landmarks} inputs, by Euclidean distance. Numbers are those of the published
 * code. It differs in three things: the landmarks of a choice are different inputs, the same ones
 * in both representations, and holes count also where a complex has no triangle at all.
 *
 * <p>A distance from 0 to 2. It compares two clouds of points, not what they say of the same input:
 * an order of the inputs that is shuffled in one representation changes little, and 0 does not mean
 * that two representations are similar. Unchanged by rotation, translation and isotropic scaling.
 * Source: Khrulkov and Oseledets 2018, Geometry score: a method for comparing generative
 * adversarial networks (ICML), algorithms 1 and 2.
 *
 * <p>It has no confidence interval: of clouds without holes it is 0 for nearly every sample, and
 * parts of a sample say nothing of the few that have one.
 *
 * <p>Random numbers are keyed by {@code rng-seed}; the value depends on the order of the inputs
 * where there are more of them than landmarks. For 500 inputs the usual 1000 choices in each of two
 * representations take about 8 seconds of one core, in proportion for more inputs. Right to 1e-9,
 * as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class GeometryScore extends BuiltInMeasure {
    private static final int MOST_LANDMARKS = 200;
    private static final int MOST_HOLES = 100;
    private static final double USUAL_ROWS = 5000;

    private final int landmarks;
    private final int repeats;
    private final double gamma;
    private final int rngSeed;

    /** The score of 1000 choices of 64 landmarks. */
    public GeometryScore() {
        this(
                Parameters.NONE
                        .andWhole("landmarks", "inputs that are corners of a complex", 64, 4)
                        .andWhole("repeats", "random choices of landmarks", 1000, 1)
                        .andNumber(
                                "gamma",
                                "the largest relaxation for 5000 inputs, as a share of the largest distance",
                                1.0 / 128,
                                gamma -> gamma > 0 && gamma < Double.POSITIVE_INFINITY,
                                "a number above 0")
                        .andWhole("rng-seed", "the seed of the landmarks' random numbers", 0, 0));
    }

    private GeometryScore(Parameters parameters) {
        super(
                "geometry-score",
                "Difference of numbers of holes (Khrulkov and Oseledets 2018)",
                Scale.distance(2),
                parameters);
        landmarks = parameters.whole("landmarks");
        repeats = parameters.whole("repeats");
        gamma = parameters.number("gamma");
        rngSeed = parameters.whole("rng-seed");
    }

    /**
     * No: it is 0 for nearly all samples of clouds without holes, and for nearly all their parts.
     */
    @Override
    public boolean hasInterval() {
        return false;
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new GeometryScore(changed);
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
        if (taken > MOST_LANDMARKS) {
            throw new DataException(
                    "'%s' takes at most %d landmarks, but %d are wanted: choose fewer."
                            .formatted(id(), MOST_LANDMARKS, taken));
        }
        var ofA = livingTimes(a, "first", taken);
        var ofB = livingTimes(b, "second", taken);
        double sum = 0;
        for (int i = 0; i < MOST_HOLES; i++) {
            sum += (ofA[i] - ofB[i]) * (ofA[i] - ofB[i]);
        }
        return sum;
    }

    /** The mean relative living times by the number of holes. */
    private double[] livingTimes(Matrix x, String which, int taken) {
        varying(x, which);
        var distances = Dissimilarity.EUCLIDEAN.of(id(), x, which);
        int choices = taken == x.rows() ? 1 : repeats;
        var all =
                IntStream.range(0, choices)
                        .parallel()
                        .mapToObj(choice -> livingTimes(distances, choice, taken))
                        .toList();
        return IntStream.range(0, MOST_HOLES)
                .mapToDouble(i -> all.stream().mapToDouble(times -> times[i]).sum() / choices)
                .toArray();
    }

    private double[] livingTimes(PairValues distances, int choice, int taken) {
        int size = distances.size();
        return WitnessComplex.of(
                        distances,
                        KeyedRandom.choice(rngSeed, choice, taken, size),
                        gamma * size / USUAL_ROWS)
                .shares(MOST_HOLES);
    }
}
