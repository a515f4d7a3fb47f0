package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonFormat;

import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;

/** Both ends of an interval in a document, {@code [low, high]}. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Ends(double low, double high) {
    /** Returns the ends of an interval. */
    public static Ends of(Interval interval) {
        return new Ends(interval.low(), interval.high());
    }

    Interval interval() {
        return new Interval(low, high, Estimate.LEVEL);
    }
}
