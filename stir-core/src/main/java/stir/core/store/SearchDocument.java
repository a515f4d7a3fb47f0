package stir.core.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import stir.core.inversion.TracePoint;
import stir.core.inversion.search.RowOutcomes;
import stir.core.io.files.JsonFile;
import stir.core.math.statistics.Summary;

/** The document of a complete search. */
record SearchDocument(
        String schema,
        Map<String, String> identity,
        List<Map<String, String>> machines,
        boolean fakeRelu,
        Optional<Summary> residual,
        Optional<Summary> distanceFromInput,
        @JsonProperty("course") Optional<Trace> trace,
        Map<String, String> sha256) {
    private static final String SCHEMA = "stir-search/2";

    /** Residuals over all inputs after numbers of passes. */
    record Trace(List<Integer> passes, List<Double> mean, List<Double> median, List<Double> max) {
        private static Optional<Trace> of(List<TracePoint> points) {
            return points.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Trace(
                            points.stream().map(TracePoint::passes).toList(),
                            all(points, Summary::mean),
                            all(points, Summary::median),
                            all(points, Summary::max)));
        }

        private static List<Double> all(List<TracePoint> points, ToDoubleFunction<Summary> value) {
            return points.stream()
                    .map(point -> value.applyAsDouble(point.residual()))
                    .toList();
        }
    }

    static SearchDocument of(
            CacheKey cacheKey,
            List<Map<String, String>> machines,
            boolean fakeRelu,
            RowOutcomes outcomes,
            Map<String, String> sha256) {
        return new SearchDocument(
                SCHEMA,
                cacheKey.values(),
                machines,
                fakeRelu,
                outcomes.residual(),
                outcomes.distance(),
                Trace.of(outcomes.trace()),
                sha256);
    }

    /**
     * Reads the document of a search's folder; empty if the search is not complete.
     *
     * @throws stir.api.DataException if it is damaged, or of another version
     */
    static Optional<SearchDocument> read(Path folder) {
        return JsonFile.read(folder.resolve(SearchFolder.DOCUMENT), SCHEMA, SearchDocument.class);
    }

    /** Returns the numbers of passes after which residuals were noted. */
    int[] passes() {
        return trace.map(Trace::passes).orElse(List.of()).stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
