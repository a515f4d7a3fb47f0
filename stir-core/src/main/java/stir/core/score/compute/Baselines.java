package stir.core.score.compute;

import stir.api.Scale;
import stir.core.math.statistics.BaselineCorrection;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Replicates;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The correction of scores by their floors and ceiling. */
public final class Baselines {
    /** The scale of corrected values, which are not clipped. */
    private static final Scale UNBOUNDED =
            new Scale(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);

    private Baselines() {}

    /**
     * Returns the corrected values of the given scores, with intervals where scores have them. A
     * score whose ceiling has no interval, or one that reaches the floor, has no corrected value,
     * since the divisor may be 0.
     *
     * @param scales the scales of the requested measures
     * @param stir the scores
     * @param self the ceilings
     * @param seedOnly floors
     * @param shuffled other floors; the more similar of the two counts
     */
    public static Map<String, Estimate> correct(
            Map<String, Scale> scales,
            Map<String, Estimate> stir,
            Map<String, Estimate> self,
            Map<String, Estimate> seedOnly,
            Map<String, Estimate> shuffled) {
        var corrected = new LinkedHashMap<String, Estimate>();
        scales.forEach(
                (measure, scale) ->
                        corrected.put(
                                measure,
                                correct(
                                        scale,
                                        value(stir, measure, "The score"),
                                        value(self, measure, "The ceiling"),
                                        value(seedOnly, measure, "The floor of the seeds"),
                                        value(shuffled, measure, "The floor of shuffled pairs"))));
        return corrected;
    }

    private static Estimate value(Map<String, Estimate> values, String measure, String what) {
        var estimate = values.get(measure);
        return estimate == null ? Estimate.undefined(what + " is not known.") : estimate;
    }

    private static Estimate correct(
            Scale scale, Estimate stir, Estimate self, Estimate seedOnly, Estimate shuffled) {
        if (!stir.isDefined() || !self.isDefined()) {
            return Estimate.undefined(
                    "The %s is not defined.".formatted(stir.isDefined() ? "ceiling" : "score"));
        }
        if (!seedOnly.isDefined() && !shuffled.isDefined()) {
            return Estimate.undefined("Neither floor is defined.");
        }
        double floor = seedOnly.value().orElseGet(() -> shuffled.value().orElseThrow());
        var correction =
                BaselineCorrection.between(
                        self.value().getAsDouble(), floor, shuffled.value().orElse(floor), scale);
        if (correction.isEmpty()) {
            return Estimate.undefined(
                    "The reference scores its own invariant inputs no better than the floor, so STIR carries no information here: search longer, or from another seed.");
        }
        var best = self.groups();
        if (best.isEmpty()) {
            return Estimate.undefined(
                    "The reference's score of its own invariant inputs has no interval, so it is not known whether it is clearly better than the floor, and the position of STIR between them carries no information.");
        }
        if (!isClearlyAbove(correction.get().floor(), best.get(), scale)) {
            return notClearlyAbove();
        }
        return correct(stir, best.get(), correction.get(), scale)
                .orElseGet(Baselines::notClearlyAbove);
    }

    private static boolean isClearlyAbove(double floor, Replicates self, Scale scale) {
        var ceiling = self.interval(Estimate.LEVEL, UNBOUNDED);
        return scale.largerIsMoreSimilar() ? ceiling.low() > floor : ceiling.high() < floor;
    }

    /** Returns the corrected value, with an interval where the score has one. */
    private static Optional<Estimate> correct(
            Estimate stir, Replicates self, BaselineCorrection correction, Scale scale) {
        return stir.groups()
                .filter(self::hasPartsOf)
                .map(
                        groups ->
                                BaselineCorrection.correct(groups, self, correction.floor(), scale)
                                        .map(corrected -> Estimate.of(corrected, UNBOUNDED)))
                .orElseGet(
                        () ->
                                correction.correct(stir.value().getAsDouble()).stream()
                                        .mapToObj(Estimate::of)
                                        .findFirst());
    }

    private static Estimate notClearlyAbove() {
        return Estimate.undefined(
                "The reference scores its own invariant inputs not clearly better than the floor, so the position of STIR between them carries no information: search longer, give more inputs, or take another seed.");
    }
}
