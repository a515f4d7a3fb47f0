package stir.core.math.statistics;

import java.util.Optional;
import java.util.OptionalDouble;
import stir.api.Scale;

/**
 * A correction of scores by a floor and a ceiling.
 *
 * <p>A score alone misleads: biased linear CKA of independent representations is well above 0, and
 * even the reference's own invariant inputs do not score 1 if the search did not converge exactly.
 * The corrected value of a score is
 *
 * <pre>(score - floor) / (ceiling - floor)</pre>
 *
 * 0 at the floor and 1 at the ceiling, for similarities and distances alike. It may be below 0 or
 * above 1; it is not truncated.
 *
 * @param floor the score if nothing is shared: of the seeds without a search, or of permuted pairs
 *     of inputs
 * @param ceiling the score if everything is shared: of the reference network itself on its own
 *     invariant inputs
 * @since 0.1.0
 */
public record BaselineCorrection(double floor, double ceiling) {
    /**
     * Returns the correction by a ceiling and the more similar one of two floors.
     *
     * @param ceiling the score if everything is shared
     * @param floor the score if nothing is shared
     * @param otherFloor the same, determined in another way
     * @param scale the scale that determines whether larger scores are more similar
     * @return empty if the ceiling is not more similar than every floor: then no score can be
     *     interpreted
     */
    public static Optional<BaselineCorrection> between(double ceiling, double floor, double otherFloor, Scale scale) {
        double highest = scale.moreSimilar(floor, otherFloor);
        boolean apart = scale.largerIsMoreSimilar() ? ceiling > highest : ceiling < highest;
        return apart ? Optional.of(new BaselineCorrection(highest, ceiling)) : Optional.empty();
    }

    /**
     * Returns the corrected value of a score.
     *
     * @return empty if floor and ceiling are equal or not finite
     */
    public OptionalDouble correct(double score) {
        double corrected = (score - floor) / (ceiling - floor);
        return Double.isFinite(corrected) ? OptionalDouble.of(corrected) : OptionalDouble.empty();
    }

    /**
     * Returns the corrected value of a score with its uncertainty from the choice of inputs, which
     * score and ceiling share; its interval is not truncated. The floor is treated as exact, so it
     * should be a mean over many permutations.
     *
     * @param score the score of the target
     * @param ceiling the score of the reference on the same inputs, in the same groups
     * @param floor the score if nothing is shared
     * @param scale the scale that determines whether larger scores are more similar
     * @return empty if the ceiling is not more similar than the floor, even in only one of the
     *     parts: then no score can be interpreted
     */
    public static Optional<Replicates> correct(Replicates score, Replicates ceiling, double floor, Scale scale) {
        var corrected = score.with(ceiling, (one, best) -> {
            boolean apart = scale.largerIsMoreSimilar() ? best > floor : best < floor;
            return apart ? (one - floor) / (best - floor) : Double.NaN;
        });
        return corrected.isFinite() ? Optional.of(corrected) : Optional.empty();
    }
}
