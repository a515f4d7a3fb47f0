package stir.cli.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** The similarity of two representations by each measure. */
public final class SimilarityReport implements Report {
    private final Map<String, Double> values;

    /** Values by the measures' ids. */
    public SimilarityReport(Map<String, Double> values) {
        this.values = new LinkedHashMap<>(values);
    }

    @Override
    public JsonDocument document() {
        return new JsonDocument(JsonDocument.numbers(values), true);
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("measure", "similarity");
        values.forEach(table::row);
        return table;
    }

    @Override
    public String text() {
        var table = new TextTable("");
        values.forEach((id, value) -> table.row(id, TextTable.number(value)));
        return table.toString();
    }
}
