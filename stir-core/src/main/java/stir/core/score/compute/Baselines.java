package stir.core.score.compute;

import java.util.Optional;
import stir.api.Scale;
import stir.core.math.statistics.BaselineCorrection;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Replicates;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;

/** The correction of scores by their floors and ceiling. */
public final class Baselines {
    /** The scale of corrected values, which are not clipped. */
    private static final Scale UNBOUNDED = new Scale(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);

    private Baselines() {}

    /**
     * Returns the corrected value of a score, with an interval if the score has one. A score whose
     * ceiling has no interval, or one that reaches the floor, has no corrected value, since the
     * divisor may be 0.
     *
     * @param score STIR, the ceiling and the floors; the more similar floor counts
     */
    public static Estimate correct(Scale scale, MeasureScore score) {
        return correct(
                scale,
                score.stir(),
                score.of(Quantity.CEILING),
                score.of(Quantity.SEED_FLOOR),
                score.of(Quantity.PERMUTATION_FLOOR));
    }

    private static Estimate correct(
            Scale scale, Estimate stir, Estimate ceiling, Estimate seeds, Estimate permutations) {
        if (!stir.isDefined() || !ceiling.isDefined()) {
            return Estimate.undefined("The %s is not defined.".formatted(stir.isDefined() ? "ceiling" : "score"));
        }
        if (!seeds.isDefined() && !permutations.isDefined()) {
            return Estimate.undefined("Neither floor is defined.");
        }
        double floor = seeds.value().orElseGet(() -> permutations.value().orElseThrow());
        var correction = BaselineCorrection.between(
                ceiling.value().getAsDouble(), floor, permutations.value().orElse(floor), scale);
        if (correction.isEmpty()) {
            return Estimate.undefined(
                    "The reference scores its own invariant inputs no better than the floor, so STIR carries no information here: search longer, or from another seed.");
        }
        var best = ceiling.groups();
        if (best.isEmpty()) {
            return Estimate.undefined(
                    "The reference's score of its own invariant inputs has no interval, so it is not known whether it is clearly better than the floor, and the position of STIR between them carries no information.");
        }
        if (!isClearlyAbove(correction.get().floor(), best.get(), scale)) {
            return notClearlyAbove();
        }
        return correct(stir, best.get(), correction.get(), scale).orElseGet(Baselines::notClearlyAbove);
    }

    private static boolean isClearlyAbove(double floor, Replicates ceiling, Scale scale) {
        var interval = ceiling.interval(Estimate.LEVEL, UNBOUNDED);
        return scale.largerIsMoreSimilar() ? interval.low() > floor : interval.high() < floor;
    }

    /** Returns the corrected value, with an interval where the score has one. */
    private static Optional<Estimate> correct(
            Estimate stir, Replicates ceiling, BaselineCorrection correction, Scale scale) {
        return stir.groups()
                .filter(ceiling::hasPartsOf)
                .map(groups -> BaselineCorrection.correct(groups, ceiling, correction.floor(), scale)
                        .map(corrected -> Estimate.of(corrected, UNBOUNDED)))
                .orElseGet(() -> correction.correct(stir.value().getAsDouble()).stream()
                        .mapToObj(Estimate::of)
                        .findFirst());
    }

    private static Estimate notClearlyAbove() {
        return Estimate.undefined(
                "The ceiling is not clearly better than the floor, so the corrected value is uninformative: search longer, or use more inputs or another seed.");
    }
}
