package stir.cli.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The demo's comparisons, one for each family of networks. */
public final class DemoReport implements Report {
    /** The families; each has two networks, {@code NAME0} and {@code NAME1}. */
    public static final List<String> FAMILIES = List.of("vgg", "resnet");

    private final Map<String, ScoreReport> comparisons;
    private final Path folder;

    /**
     * A report.
     *
     * @param comparisons by the family's name
     * @param folder where it is saved
     */
    public DemoReport(Map<String, ScoreReport> comparisons, Path folder) {
        this.comparisons = new LinkedHashMap<>(comparisons);
        this.folder = folder;
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-demo/1");
        var families = root.putObject("comparisons");
        comparisons.forEach((family, report) -> families.set(family, report.document().root()));
        return JsonDocument.of(root);
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable(ScoreReport.emptyTable().headingsAfter("networks"));
        comparisons.forEach((family, report) -> table.rowsOf(report.table(), family));
        return table;
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        comparisons.forEach(
                (family, report) ->
                        text.append("== ")
                                .append(family)
                                .append('\n')
                                .append(report.text())
                                .append('\n'));
        text.append(
                "Both networks of a pair have learnt from the same digits and differ in their first"
                        + " weights alone. A similarity near 1\n"
                        + "says that they see the digits alike, a STIR near 1 that they also take the"
                        + " same other pictures for these digits:\n");
        comparisons.forEach(
                (family, report) ->
                        text.append("  ")
                                .append(family)
                                .append(": ")
                                .append(report.inShort())
                                .append('\n'));
        return text.append("Pictures of the digits above their invariant inputs, and all values: ")
                .append(folder)
                .append('\n')
                .toString();
    }

    /** Saves each comparison in a folder of its own. */
    public void save(OutputFolder target) {
        comparisons.forEach((family, report) -> report.save(target.within(family)));
    }
}
