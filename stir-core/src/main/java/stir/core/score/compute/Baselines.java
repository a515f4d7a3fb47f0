package stir.core.score.compute;

import stir.api.Scale;
import stir.core.statistics.BaselineCorrection;
import stir.core.statistics.Estimate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Puts scores between their floors and their ceiling. */
public final class Baselines {
    private Baselines() {}

    /**
     * The corrected values of some scores.
     *
     * @param scales of the measures, which are asked for
     * @param stir the scores
     * @param self the ceilings
     * @param seedOnly floors
     * @param shuffled other floors; of the two that are defined the more similar one counts
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
                                        value(stir, measure),
                                        value(self, measure),
                                        value(seedOnly, measure),
                                        value(shuffled, measure))));
        return corrected;
    }

    private static OptionalDouble value(Map<String, Estimate> values, String measure) {
        var estimate = values.get(measure);
        return estimate == null ? OptionalDouble.empty() : estimate.value();
    }

    private static Estimate correct(
            Scale scale,
            OptionalDouble stir,
            OptionalDouble self,
            OptionalDouble seedOnly,
            OptionalDouble shuffled) {
        if (stir.isEmpty() || self.isEmpty() || (seedOnly.isEmpty() && shuffled.isEmpty())) {
            return Estimate.undefined(
                    stir.isEmpty()
                            ? "The score is not defined."
                            : self.isEmpty()
                                    ? "The ceiling is not defined."
                                    : "Neither floor is defined.");
        }
        double floor = seedOnly.isPresent() ? seedOnly.getAsDouble() : shuffled.orElseThrow();
        double otherFloor = shuffled.isPresent() ? shuffled.getAsDouble() : floor;
        var correction =
                BaselineCorrection.between(self.getAsDouble(), floor, otherFloor, scale)
                        .map(found -> found.correct(stir.getAsDouble()))
                        .orElse(OptionalDouble.empty());
        return correction.isPresent()
                ? Estimate.of(correction.getAsDouble())
                : Estimate.undefined(
                        "The reference scores its own invariant inputs no better than the floor, so STIR says nothing here: search longer, or from another seed.");
    }
}
