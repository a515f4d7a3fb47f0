package stir.core.score;

import stir.core.statistics.ConfidenceInterval;

import java.util.List;
import java.util.Optional;

/**
 * STIR of one measure over several inversions that differ in their random numbers only.
 *
 * @param values one score an inversion; the first is that of {@link DirectedScore#stir}
 * @param interval the uncertainty of their mean that comes from the inversion's random numbers, by
 *     {@link ConfidenceInterval#ofMean}
 */
public record RepeatedScore(List<Double> values, Optional<ConfidenceInterval> interval) {
    /** Copies the values; there is at least one. */
    public RepeatedScore {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("A repeated score has at least one value");
        }
    }

    /** The mean score. */
    public double mean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
