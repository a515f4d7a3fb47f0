package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonFormat;

import stir.core.math.statistics.ConfidenceInterval;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PredictionInterval;

/** Both ends of an interval in a document, {@code [low, high]}. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Ends(double low, double high) {
    /** Returns the ends of an interval. */
    public static Ends of(ConfidenceInterval interval) {
        return new Ends(interval.low(), interval.high());
    }

    /** Returns the ends of an interval. */
    public static Ends of(PredictionInterval interval) {
        return new Ends(interval.low(), interval.high());
    }

    ConfidenceInterval interval() {
        return new ConfidenceInterval(low, high, Estimate.LEVEL);
    }

    PredictionInterval prediction() {
        return new PredictionInterval(low, high, Estimate.LEVEL);
    }
}
