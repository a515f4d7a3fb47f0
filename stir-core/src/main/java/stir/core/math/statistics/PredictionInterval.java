package stir.core.math.statistics;

import stir.api.Scale;

import java.util.Optional;

/**
 * A range that contains the next single value with a given probability. A {@link
 * ConfidenceInterval} covers the mean of all values: the next one, of other inputs or of another
 * random seed, lies outside of it much more often than its level suggests.
 *
 * @param low its lower end
 * @param high its upper end
 * @param level the probability, between 0 and 1
 * @since 0.1.0
 */
public record PredictionInterval(double low, double high, double level) {
    /** Checks the ends and the level. */
    public PredictionInterval {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "An interval can't range from " + low + " to " + high);
        }
        ConfidenceInterval.checkLevel(level);
    }

    /** Returns the ends, as in {@code [0.933, 1.000]}. */
    @Override
    public String toString() {
        return new ConfidenceInterval(low, high, level).toString();
    }

    private static PredictionInterval as(ConfidenceInterval range) {
        return new PredictionInterval(range.low(), range.high(), range.level());
    }

    /**
     * Returns the range of one more repeat with other random numbers of the search: the mean and
     * Student's t times {@code s sqrt(1 + 1/n)} to both sides, where s is the standard deviation of
     * n repeats. It assumes that repeats are normally distributed; near an end of the scale they
     * are not.
     *
     * @param values the scores of the repeats
     * @param scale of the scores; the interval is truncated to it
     * @param level the probability, between 0 and 1, such as 0.95
     * @return empty for fewer than two scores
     */
    public static Optional<PredictionInterval> ofNext(double[] values, Scale scale, double level) {
        ConfidenceInterval.checkLevel(level);
        if (values.length < 2) {
            return Optional.empty();
        }
        double error = Spread.of(values) * Math.sqrt(1 + 1.0 / values.length);
        return Optional.of(
                as(
                        ConfidenceInterval.around(
                                Spread.mean(values), error, values.length - 1, level, scale)));
    }

    /**
     * Returns the range of the measure for another sample of the same size: both values have the
     * standard error, so their difference has {@code sqrt 2} times as much.
     *
     * @param measured the measure of the current inputs
     * @param scale of the measure; the interval is truncated to it
     * @param level the probability, between 0 and 1, such as 0.95
     */
    public static PredictionInterval ofOtherInputs(Replicates measured, Scale scale, double level) {
        return as(
                ConfidenceInterval.around(
                        measured.value(),
                        measured.standardError() * Math.sqrt(2),
                        measured.degrees(),
                        level,
                        scale));
    }
}
