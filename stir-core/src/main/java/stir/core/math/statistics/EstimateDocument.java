package stir.core.math.statistics;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonView;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * An estimate in a document: a value with its intervals, or null with the reason why there is none.
 *
 * @param replicates the values for the parts, from which the intervals were computed; only in
 *     documents from which a study continues
 */
record EstimateDocument(
        @JsonInclude(JsonInclude.Include.ALWAYS) OptionalDouble value,
        Optional<String> undefined,
        OptionalDouble low,
        OptionalDouble high,
        OptionalDouble predictionLow,
        OptionalDouble predictionHigh,
        @JsonView(Replicates.class) Optional<Parts> replicates) {
    /** The values for the parts: without each group, or for halves. */
    record Parts(Replicates.Scheme scheme, int rows, long seed, List<Double> values) {
        private static Parts of(Replicates of) {
            var values = DoubleStream.of(of.parts()).boxed().toList();
            return new Parts(of.scheme(), of.rows(), of.seed(), values);
        }

        private Replicates replicates(double value) {
            var parts = values.stream().mapToDouble(Double::doubleValue).toArray();
            return Replicates.of(scheme, value, parts, rows, seed);
        }
    }

    private static Optional<Interval> interval(OptionalDouble low, OptionalDouble high) {
        return low.isPresent() && high.isPresent()
                ? Optional.of(new Interval(low.getAsDouble(), high.getAsDouble(), Estimate.LEVEL))
                : Optional.empty();
    }

    private static OptionalDouble low(Optional<Interval> interval) {
        return interval.map(ends -> OptionalDouble.of(ends.low())).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble high(Optional<Interval> interval) {
        return interval.map(ends -> OptionalDouble.of(ends.high())).orElse(OptionalDouble.empty());
    }

    /** Writes estimates. */
    static final class Writer extends StdConverter<Estimate, EstimateDocument> {
        @Override
        public EstimateDocument convert(Estimate estimate) {
            return new EstimateDocument(
                    estimate.value(),
                    estimate.undefined(),
                    low(estimate.interval()),
                    high(estimate.interval()),
                    low(estimate.prediction()),
                    high(estimate.prediction()),
                    estimate.groups().map(Parts::of));
        }
    }

    /** Reads estimates. */
    static final class Reader extends StdConverter<EstimateDocument, Estimate> {
        @Override
        public Estimate convert(EstimateDocument stored) {
            if (stored.value.isEmpty()) {
                return Estimate.undefined(stored.undefined.orElse("It is not defined."));
            }
            return new Estimate(
                    stored.value,
                    interval(stored.low, stored.high),
                    interval(stored.predictionLow, stored.predictionHigh),
                    stored.replicates.map(of -> of.replicates(stored.value.getAsDouble())),
                    Optional.empty());
        }
    }
}
