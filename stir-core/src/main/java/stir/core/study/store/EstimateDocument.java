package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonInclude;

import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Replicates;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * An estimate in a document: a value with its intervals, or null with the reason why there is none.
 */
public record EstimateDocument(
        @JsonInclude(JsonInclude.Include.ALWAYS) OptionalDouble value,
        Optional<String> undefined,
        Optional<Ends> ci,
        Optional<Ends> prediction,
        Optional<Groups> groups) {
    /** The values of the parts that an interval was computed from. */
    record Groups(
            int rows, long seed, Optional<List<Double>> without, Optional<List<Double>> halves) {
        static Groups of(Replicates of) {
            var parts = Optional.of(DoubleStream.of(of.parts()).boxed().toList());
            return of.scheme() == Replicates.Scheme.HALVES
                    ? new Groups(of.rows(), of.seed(), Optional.empty(), parts)
                    : new Groups(of.rows(), of.seed(), parts, Optional.empty());
        }

        Replicates replicates(double value) {
            var scheme = halves.isPresent() ? Replicates.Scheme.HALVES : Replicates.Scheme.GROUPS;
            var parts = halves.or(() -> without).orElse(List.of());
            return Replicates.of(
                    scheme,
                    value,
                    parts.stream().mapToDouble(Double::doubleValue).toArray(),
                    rows,
                    seed);
        }
    }

    /** Returns an estimate without the values of its parts. */
    public static EstimateDocument of(Estimate estimate) {
        return of(estimate, Optional.empty());
    }

    /** Returns an estimate with the values of its parts, from which it can be read again. */
    static EstimateDocument stored(Estimate estimate) {
        return of(estimate, estimate.groups().map(Groups::of));
    }

    private static EstimateDocument of(Estimate estimate, Optional<Groups> groups) {
        return new EstimateDocument(
                estimate.value(),
                estimate.undefined(),
                estimate.interval().map(Ends::of),
                estimate.prediction().map(Ends::of),
                groups);
    }

    /** Returns the value with its confidence interval alone. */
    public EstimateDocument withoutPrediction() {
        return new EstimateDocument(value, undefined, ci, Optional.empty(), Optional.empty());
    }

    /** Returns the estimate that was stored. */
    Estimate estimate() {
        if (value.isEmpty()) {
            return Estimate.undefined(undefined.orElse("It is not defined."));
        }
        return new Estimate(
                value,
                ci.map(Ends::interval),
                prediction.map(Ends::interval),
                groups.map(parts -> parts.replicates(value.getAsDouble())),
                Optional.empty());
    }

    /** Returns estimates without the values of their parts, by measure. */
    public static Map<String, EstimateDocument> of(Map<String, Estimate> estimates) {
        return map(estimates, EstimateDocument::of);
    }

    /** Returns the values alone, null where they are not defined, by measure. */
    public static Map<String, OptionalDouble> numbers(Map<String, Estimate> estimates) {
        return map(estimates, Estimate::value);
    }

    /** Applies a function to each value, in their order. */
    static <T, R> Map<String, R> map(
            Map<String, T> values, Function<? super T, ? extends R> function) {
        var mapped = new LinkedHashMap<String, R>();
        values.forEach((name, value) -> mapped.put(name, function.apply(value)));
        return Collections.unmodifiableMap(mapped);
    }
}
