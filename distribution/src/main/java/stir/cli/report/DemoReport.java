package stir.cli.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The demo's comparisons, one for each family of networks. */
public final class DemoReport implements Report {
    /** The families; each has two networks, {@code NAME_gelu0} and {@code NAME_gelu1}. */
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
        var text =
                new StringBuilder(
                        """
                        The networks of a pair learnt the same digits and differ in their initial weights alone.
                        A similarity near 1 means that they represent the digits alike, a STIR near 1 that they
                        also represent the same other pictures like these digits:
                        """);
        comparisons.forEach(
                (family, report) -> text.append("  %-8s%s%n".formatted(family, report.inShort())));
        return text.append(
                        "All values with their intervals, and pictures of the digits above their invariant inputs: ")
                .append(folder)
                .append('\n')
                .toString();
    }

    /** Saves each comparison in a folder of its own. */
    public void save(OutputFolder target) {
        comparisons.forEach((family, report) -> report.save(target.within(family)));
    }
}
