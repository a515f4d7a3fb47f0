package stir.cli.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import stir.api.SimilarityMeasure;
import stir.core.io.files.Table;
import stir.core.math.statistics.Estimate;

/**
 * The similarity of two representations by each measure.
 *
 * @param values the values by the measures' ids, parameters included
 * @param measures the installed measures by their ids
 */
public record SimilarityReport(Map<String, Estimate> values, Map<String, SimilarityMeasure> measures)
        implements Report {

    private record Document(String schema, Map<String, OptionalDouble> similarity) {}

    @Override
    public JsonDocument document() {
        var numbers = new LinkedHashMap<String, OptionalDouble>();
        values.forEach((measure, estimate) -> numbers.put(measure, estimate.value()));
        return new JsonDocument(new Document("stir-similarity/1", numbers), true);
    }

    @Override
    public Table<?> table() {
        return new Table<>(values.entrySet())
                .column("measure", Map.Entry::getKey)
                .column("similarity", entry -> entry.getValue().value());
    }

    @Override
    public String text() {
        var table = new TextTable("");
        values.forEach((id, value) ->
                table.row(id, TextTable.number(value), isDistance(id) ? "a distance (lower is more alike)" : ""));
        return table.toString();
    }

    private boolean isDistance(String id) {
        var measure = measures.get(id.replaceFirst("\\?.*", ""));
        return measure != null && !measure.scale().largerIsMoreSimilar();
    }
}
