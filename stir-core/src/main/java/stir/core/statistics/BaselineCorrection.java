package stir.core.statistics;

import stir.api.Scale;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where scores lie between what means nothing and what is the best possible.
 *
 * <p>A score alone misleads: biased linear CKA of independent representations is well above 0, and
 * even the reference does not give its own invariant inputs the score 1 if they were not found
 * exactly. The corrected value of a score is
 *
 * <pre>(score - floor) / (ceiling - floor)</pre>
 *
 * 0 at the floor and 1 at the ceiling, for similarities and distances alike. It may be below 0 or
 * above 1; it is not cut off.
 *
 * @param floor the score without anything shared: of inputs that were not searched for (the seed
 *     alone), or of pairs of inputs that have been shuffled
 * @param ceiling the score with everything shared: of the reference network itself on its own
 *     invariant inputs
 * @since 0.1.0
 */
public record BaselineCorrection(double floor, double ceiling) {
    /**
     * The correction by a ceiling and two floors, of which the more similar one counts.
     *
     * @param ceiling the score with everything shared
     * @param floor the score without anything shared
     * @param otherFloor the same, by other means
     * @param scale tells whether larger scores are more similar
     * @return empty if the ceiling is not more similar than both floors: then a score says nothing,
     *     wherever it lies
     */
    public static Optional<BaselineCorrection> between(
            double ceiling, double floor, double otherFloor, Scale scale) {
        double highest =
                scale.largerIsMoreSimilar()
                        ? Math.max(floor, otherFloor)
                        : Math.min(floor, otherFloor);
        boolean apart = scale.largerIsMoreSimilar() ? ceiling > highest : ceiling < highest;
        return apart ? Optional.of(new BaselineCorrection(highest, ceiling)) : Optional.empty();
    }

    /**
     * The corrected value of a score.
     *
     * @return empty if floor and ceiling are the same or not finite, so that nothing lies between
     */
    public OptionalDouble correct(double score) {
        double corrected = (score - floor) / (ceiling - floor);
        return Double.isFinite(corrected) ? OptionalDouble.of(corrected) : OptionalDouble.empty();
    }

    /**
     * The corrected value of a score with its uncertainty from the choice of inputs, which score
     * and ceiling share; its interval is not cut off. The floor counts as known: let it be a mean
     * over many permutations.
     *
     * @param score the score of the target
     * @param ceiling the score of the reference on the same inputs, in the same groups
     * @param floor the score without anything shared
     * @param scale tells whether larger scores are more similar
     * @return empty if the ceiling is not more similar than the floor, be it only in one of the
     *     parts: then where a score lies between them says nothing
     */
    public static Optional<Replicates> correct(
            Replicates score, Replicates ceiling, double floor, Scale scale) {
        var corrected =
                score.with(
                        ceiling,
                        (one, best) -> {
                            boolean apart =
                                    scale.largerIsMoreSimilar() ? best > floor : best < floor;
                            return apart ? (one - floor) / (best - floor) : Double.NaN;
                        });
        return corrected.isFinite() ? Optional.of(corrected) : Optional.empty();
    }
}
