package stir.core.math.statistics;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Locale;
import java.util.Optional;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;

/**
 * A range that contains a value with a given probability. A confidence interval ({@link #of},
 * {@link #ofMean}) covers the mean of all values, a prediction interval ({@link #ofNext}, {@link
 * #ofOtherInputs}) the next single one, of other inputs or of another random seed, which lies
 * outside the former much more often than its level suggests.
 *
 * @param low its lower end
 * @param high its upper end
 * @param level the probability, between 0 and 1
 * @since 0.1.0
 */
@JsonIgnoreProperties("level")
public record Interval(double low, double high, double level) {
    /** The quantile of the normal distribution below which {@code (1 + Estimate.LEVEL) / 2} lies. */
    private static final double Z = 1.959963984540054;

    /** Checks the ends and the level. */
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("An interval can't range from " + low + " to " + high);
        }
        checkLevel(level);
    }

    /** Returns the ends, as in {@code [0.933, 1.000]}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "[%.3f, %.3f]", low, high);
    }

    static void checkLevel(double level) {
        if (!(level > 0 && level < 1)) {
            throw new UsageException(
                    "The confidence level must be between 0 and 1, such as 0.95, not %s.".formatted(level));
        }
    }

    /**
     * Returns the uncertainty of a measure that comes from the choice of inputs, by the
     * delete-a-group jackknife, or by halves.
     *
     * <p>The inputs are divided at random into 30 groups of nearly equal size (into single inputs
     * if there are fewer). The measure is computed without each group in turn; the values {@code
     * v_g} have the standard error {@code sqrt((G - 1) / G sum_g (v_g - mean)^2)}. The interval
     * extends in each direction from the measure of all inputs, by the standard error times
     * Student's t with G - 1 degrees of freedom. It is truncated to the measure's scale.
     *
     * <p>The bootstrap is unsuitable, because it draws inputs with replacement. In a matrix of
     * pairwise similarities a repeated input is its own nearest neighbour and adds a value as large
     * as the diagonal; CKA, RSA and measures of neighbours all rise, and the interval may not even
     * contain the measure. A jackknife omits inputs and repeats none.
     *
     * <p>For {@linkplain SimilarityMeasure#neighbours measures of neighbours} the jackknife
     * overestimates: an omitted input changes the neighbours of others, and the standard error is a
     * third to one and a half times too large, for any number of inputs. For these the inputs are
     * divided into two halves at random, 30 times; the halves {@code v_d} and {@code w_d} are two
     * samples that share no input, and the standard error is {@code sqrt(1 / D sum_d ((v_d - w_d) /
     * 2)^2)}, with D = 30 degrees of freedom. With fewer than 20 inputs per neighbour there is no
     * interval: neighbours within a half are too far away, and the interval would be too short.
     *
     * <p>The interval covers the average of the measure over other samples of the same size, not
     * its value for the next sample: see {@link #ofOtherInputs}. For a biased measure, such as
     * {@code linear-cka}, this average differs from the value for infinitely many inputs.
     *
     * <p>The coverage in simulations is in {@code distribution/benchmarks/coverage.csv}, for each
     * measure.
     *
     * <p>Sources: Shao and Wu 1989, A general theory for jackknife variance estimation; Kott 2001,
     * The delete-a-group jackknife; Efron and Stein 1981, The jackknife estimate of variance, on
     * its overestimation; McCarthy 1969, Pseudo-replication: half samples.
     *
     * @param a one row per input
     * @param b the same inputs
     * @param level the probability, between 0 and 1, such as 0.95
     * @param seed the seed of the division; the same seed gives the same interval. With 30 inputs
     *     or fewer each is its own group, and the seed affects only halves
     * @return the interval; empty if there are too few inputs to divide
     * @throws stir.api.DataException if the measure is undefined for these matrices, or for one of
     *     the parts
     */
    public static Optional<Interval> of(SimilarityMeasure measure, Matrix a, Matrix b, double level, long seed) {
        checkLevel(level);
        return Replicates.of(measure, a, b, seed).map(replicates -> replicates.interval(level, measure.scale()));
    }

    /**
     * Returns the uncertainty of the mean of repeated scores that comes from the random choice that
     * differs between them, such as the seed of the inversion; by Student's t. The interval covers
     * the mean; for the next single repeat, see {@link #ofNext}.
     *
     * @param values the scores
     * @param scale the scale of the scores; the interval is truncated to it
     * @param level the probability, between 0 and 1, such as 0.95
     * @return the interval; empty for fewer than two scores
     */
    public static Optional<Interval> ofMean(double[] values, Scale scale, double level) {
        checkLevel(level);
        if (values.length < 2) {
            return Optional.empty();
        }
        double error = SampleStatistics.standardDeviation(values) / Math.sqrt(values.length);
        return Optional.of(around(SampleStatistics.mean(values), error, values.length - 1, level, scale));
    }

    /**
     * Returns the range of one more repeat with other random numbers of the search: the mean, plus
     * and minus Student's t times {@code s sqrt(1 + 1/n)}, with the standard deviation s of n
     * repeats. It assumes that repeats are normally distributed; near an end of the scale they are
     * not.
     *
     * @param values the scores of the repeats
     * @param scale the scale of the scores; the interval is truncated to it
     * @param level the probability, between 0 and 1, such as 0.95
     * @return empty for fewer than two scores
     */
    public static Optional<Interval> ofNext(double[] values, Scale scale, double level) {
        checkLevel(level);
        if (values.length < 2) {
            return Optional.empty();
        }
        double error = SampleStatistics.standardDeviation(values) * Math.sqrt(1 + 1.0 / values.length);
        return Optional.of(around(SampleStatistics.mean(values), error, values.length - 1, level, scale));
    }

    /**
     * Returns the range of the measure for another sample of the same size: each of the two values
     * has the standard error, so their difference has {@code sqrt 2} times this error.
     *
     * @param measured the measure of the current inputs
     * @param scale the scale of the measure; the interval is truncated to it
     * @param level the probability, between 0 and 1, such as 0.95
     */
    public static Interval ofOtherInputs(Replicates measured, Scale scale, double level) {
        return around(measured.value(), measured.standardError() * Math.sqrt(2), measured.degrees(), level, scale);
    }

    /**
     * Returns the range of the probability that a share estimates, by Wilson's score: it lies from 0 to 1
     * and has a width for shares of 0 and 1, too (Wilson 1927, Probable inference, the law of
     * succession, and statistical inference).
     *
     * @param successes the number of successes, from 0 to {@code trials}
     * @param trials the number of independent trials, at least 1
     * @return the interval of level {@link Estimate#LEVEL}
     */
    public static Interval ofShare(int successes, int trials) {
        if (successes < 0 || trials < 1 || successes > trials) {
            throw new IllegalArgumentException("%d of %d is not a share".formatted(successes, trials));
        }
        double share = successes / (double) trials;
        double half = Z * Z / (2 * trials);
        double centre = (share + half) / (1 + 2 * half);
        double radius = Math.sqrt((share * (1 - share) + half / 2) / trials) * Z / (1 + 2 * half);
        return new Interval(
                successes == 0 ? 0 : centre - radius, successes == trials ? 1 : centre + radius, Estimate.LEVEL);
    }

    /**
     * Returns a value plus and minus Student's t times a standard error.
     *
     * @param scale the interval is truncated to it
     */
    static Interval around(double value, double error, int degrees, double level, Scale scale) {
        double radius = error * StudentT.quantile((1 + level) / 2, degrees);
        return new Interval(
                Math.min(value, Math.max(scale.lowest(), value - radius)),
                Math.max(value, Math.min(scale.highest(), value + radius)),
                level);
    }
}
