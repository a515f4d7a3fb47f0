package stir.cli.report;

import stir.core.statistics.Estimate;
import stir.core.study.store.ScoreDocument;

import java.util.LinkedHashMap;
import java.util.Map;

/** The similarity of two representations by each measure. */
public final class SimilarityReport implements Report {
    private final Map<String, Estimate> values;

    /** Values by the measures' ids. */
    public SimilarityReport(Map<String, Estimate> values) {
        this.values = new LinkedHashMap<>(values);
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-similarity/1");
        root.set("similarity", ScoreDocument.numbers(values));
        return new JsonDocument(root, true);
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("measure", "similarity");
        values.forEach((id, value) -> table.row(id, ResultTable.cell(value)));
        return table;
    }

    @Override
    public String text() {
        var table = new TextTable("");
        values.forEach((id, value) -> table.row(id, TextTable.number(value)));
        return table.toString();
    }
}
