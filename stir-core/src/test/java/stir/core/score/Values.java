package stir.core.score;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import stir.core.math.statistics.Estimate;

/** Values of scores, by their names. */
public final class Values {
    private Values() {}

    /** Returns one value per measure that has it, in the order of the measures. */
    public static Map<String, Estimate> all(Map<String, MeasureScore> measures, Quantity quantity) {
        var all = new LinkedHashMap<String, Estimate>();
        measures.forEach((measure, score) -> {
            var estimate = score.values().get(quantity);
            if (estimate != null) {
                all.put(measure, estimate);
            }
        });
        return all;
    }

    /** Returns one value per measure that has it, in the order of the measures. */
    public static Map<String, Estimate> all(DirectedScore score, Quantity quantity) {
        return all(score.measures(), quantity);
    }

    /** Returns a value that was computed, defined or not; a missing one fails. */
    public static Estimate get(DirectedScore score, String measure, Quantity quantity) {
        return get(score.measures(), measure, quantity);
    }

    /** Returns a value that was computed, defined or not; a missing one fails. */
    public static Estimate get(Map<String, MeasureScore> measures, String measure, Quantity quantity) {
        return Objects.requireNonNull(all(measures, quantity).get(measure), () -> quantity + " by " + measure);
    }

    /** Returns a defined value. */
    public static double value(DirectedScore score, String measure, Quantity quantity) {
        return get(score, measure, quantity).value().orElseThrow();
    }
}
