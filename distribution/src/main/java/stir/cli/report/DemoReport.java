package stir.cli.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.core.io.files.Table;
import stir.core.study.store.ScoreTable;

/**
 * The report on the demo's comparisons, one per family of networks.
 *
 * @param comparisons the comparisons by the family's name
 * @param folder the folder where they are saved
 */
public record DemoReport(Map<String, ScoreReport> comparisons, Path folder) implements Report {
    /** The families; each has two networks, {@code NAME_gelu0} and {@code NAME_gelu1}. */
    public static final List<String> FAMILIES = List.of("vgg", "resnet");

    private record Document(String schema, Map<String, Object> comparisons) {}

    @Override
    public JsonDocument document() {
        var families = new LinkedHashMap<String, Object>();
        comparisons.forEach(
                (family, report) -> families.put(family, report.document().root()));
        return JsonDocument.of(new Document("stir-demo/2", families));
    }

    @Override
    public Table<?> table() {
        return ScoreTable.of(
                comparisons.values().stream().map(ScoreReport::results).toList());
    }

    @Override
    public String text() {
        var text = new StringBuilder(Paragraph.hanging(
                "", "The networks of a pair learnt the same digits and differ only in their initial weights."));
        comparisons.forEach((family, report) ->
                text.append("\n").append(family).append("\n").append(report.verdicts()));
        return text.append("\n")
                .append(Paragraph.hanging(
                        "", "All values, and pictures of the digits above their invariant inputs: " + folder))
                .append(new NextSteps()
                        .add("both scores as a page for the browser", CommandText.report(folder.resolve("resnet"))))
                .toString();
    }

    /** Saves each comparison in a folder of its own. */
    public void save(OutputFolder target) {
        comparisons.forEach((family, report) -> report.save(target.within(family)));
    }
}
