package stir.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.inputs.Inputs;
import stir.core.network.NetworkSpec;
import stir.core.network.NetworkSummary;
import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Two networks compared in both directions. */
public final class ScoreReport implements Report {
    static final String A_GIVEN_B = "a|b";
    static final String B_GIVEN_A = "b|a";

    private final Comparison comparison;
    private final Optional<CurveReport> curve;
    private final DirectionReport aGivenB;
    private final DirectionReport bGivenA;
    private final NetworkSpec a;
    private final NetworkSpec b;
    private final Inputs inputs;

    /**
     * A report.
     *
     * @param comparison what was found
     * @param others the same with searches of other lengths
     * @param a how the first network was opened
     * @param b how the second network was opened
     * @param inputs what they were compared on
     */
    public ScoreReport(
            Comparison comparison,
            List<Comparison> others,
            NetworkSpec a,
            NetworkSpec b,
            Inputs inputs) {
        this.comparison = comparison;
        this.curve =
                others.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new CurveReport(
                                        Stream.concat(Stream.of(comparison), others.stream())
                                                .toList()));
        this.aGivenB =
                new DirectionReport("STIR(a | b)", comparison.aGivenB(), comparison.settings());
        this.bGivenA =
                new DirectionReport("STIR(b | a)", comparison.bGivenA(), comparison.settings());
        this.a = a;
        this.b = b;
        this.inputs = inputs;
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object();
        root.set("a", network(comparison.a(), a));
        root.set("b", network(comparison.b(), b));
        root.set("inputs", SettingsDocument.of(inputs));
        var similarity = root.putObject("similarity");
        var intervals = root.putObject("similarity-ci");
        comparison
                .similarity()
                .forEach(
                        (measure, estimate) -> {
                            similarity.put(measure, estimate.value());
                            estimate.interval()
                                    .ifPresent(
                                            interval ->
                                                    intervals.set(
                                                            measure,
                                                            DirectionReport.document(interval)));
                        });
        var stir = root.putObject("stir");
        stir.set(A_GIVEN_B, aGivenB.document());
        stir.set(B_GIVEN_A, bGivenA.document());
        curve.ifPresent(points -> root.set("curve", points.document()));
        var baseline = root.putObject("baseline");
        baseline.set(A_GIVEN_B, aGivenB.baselines());
        baseline.set(B_GIVEN_A, bGivenA.baselines());
        root.set("cautions", JsonDocument.texts(comparison.cautions()));
        var settings = SettingsDocument.of(comparison.settings().inversion());
        settings.set("measures", JsonDocument.texts(comparison.settings().measures()));
        settings.put("reduce", comparison.settings().reduction().word());
        settings.put("repeats", comparison.settings().repeats());
        settings.put("ci-level", Estimate.LEVEL);
        root.set("settings", settings);
        root.set("versions", JsonDocument.texts(comparison.versions()));
        return JsonDocument.of(root);
    }

    private static ObjectNode network(NetworkSummary network, NetworkSpec spec) {
        var node = JsonDocument.object();
        node.put("model", network.model());
        node.put("sha256", network.sha256());
        node.put("backend", network.backend());
        node.put("layer", network.layer());
        if (!spec.moreLayers().isEmpty()) {
            var weights =
                    node.putObject("searched-layers").put(network.layer(), spec.layerWeight());
            spec.moreLayers().forEach(layer -> weights.put(layer.name(), layer.weight()));
        }
        node.set("representation", JsonDocument.shape(network.representation()));
        node.set("input", JsonDocument.shape(network.input()));
        var mean = node.putArray("mean");
        spec.preprocessing().mean().forEach(mean::add);
        var deviation = node.putArray("std");
        spec.preprocessing().standardDeviation().forEach(deviation::add);
        node.put("device", spec.device().toString());
        node.put("threads", spec.threads());
        node.set("settings", JsonDocument.texts(spec.settings()));
        return node;
    }

    @Override
    public ResultTable table() {
        var table = emptyTable();
        comparison
                .similarity()
                .forEach(
                        (measure, estimate) -> {
                            var interval = estimate.interval();
                            table.row(
                                    measure,
                                    "S(a, b)",
                                    estimate.value(),
                                    DirectionReport.cell(interval.map(ConfidenceInterval::low)),
                                    DirectionReport.cell(interval.map(ConfidenceInterval::high)),
                                    "",
                                    "",
                                    "",
                                    "",
                                    "");
                            aGivenB.addRow(table, measure);
                            bGivenA.addRow(table, measure);
                        });
        return table;
    }

    /** The table of a comparison, without its rows. */
    static ResultTable emptyTable() {
        return new ResultTable(
                "measure",
                "quantity",
                "value",
                "interval from",
                "interval to",
                "self",
                "seed-only",
                "shuffled",
                DirectionReport.CORRECTED,
                "residual mean");
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        var networks = new TextTable("");
        addTo(networks, "a", comparison.a());
        addTo(networks, "b", comparison.b());
        text.append(networks);
        text.append(
                "%d inputs of %s from %s\n\n"
                        .formatted(
                                comparison.count(), comparison.inputShape(), comparison.inputs()));
        comparison
                .similarity()
                .forEach((measure, estimate) -> text.append(values(measure, estimate)));
        text.append('\n');
        var quality = new TextTable("");
        bGivenA.addQuality(quality, "a");
        aGivenB.addQuality(quality, "b");
        text.append(quality);
        var outcomes = new TextTable("");
        bGivenA.addOutcomes(outcomes, "a", "b");
        aGivenB.addOutcomes(outcomes, "b", "a");
        text.append(outcomes);
        curve.ifPresent(points -> text.append('\n').append(points.text()));
        comparison.cautions().forEach(caution -> text.append("caution: " + caution + "\n"));
        return text.toString();
    }

    private static void addTo(TextTable table, String name, NetworkSummary network) {
        table.row(
                name,
                String.valueOf(Path.of(network.model()).getFileName()),
                "layer " + network.layer() + " (" + network.representation() + ")",
                network.backend());
    }

    /** The values of a measure, and how far they could go up and down. */
    private TextTable values(String measure, Estimate similarity) {
        var table =
                new TextTable("")
                        .row(
                                measure,
                                "",
                                TextTable.percent(Estimate.LEVEL) + " interval:",
                                "",
                                "ceiling:",
                                "floors:",
                                "")
                        .row(
                                "  similarity",
                                TextTable.number(similarity.value()),
                                DirectionReport.text(similarity.interval()));
        aGivenB.addValues(table, measure);
        bGivenA.addValues(table, measure);
        return table;
    }

    /**
     * Writes the invariant inputs, the document, a table of the inputs and a picture.
     *
     * @param folder where, which exists
     * @param kept the folder that keeps the comparison
     */
    public void save(Path folder, Path kept) {
        var ofA = comparison.bGivenA().inversion().invariantInputs();
        var ofB = comparison.aGivenB().inversion().invariantInputs();
        linkOrWrite(kept.resolve("search-a"), ofA, folder.resolve("invariant-a.npy"));
        linkOrWrite(kept.resolve("search-b"), ofB, folder.resolve("invariant-b.npy"));
        OutputFolder.writeText(folder.resolve("result.json"), document().toJson());
        var directions = new LinkedHashMap<String, DirectedScore>();
        directions.put(A_GIVEN_B, comparison.aGivenB());
        directions.put(B_GIVEN_A, comparison.bGivenA());
        new InputsTable(inputs).write(directions, folder.resolve("inputs.csv"));
        InputPicture.of(inputs, List.of(ofA, ofB))
                .ifPresent(picture -> picture.write(folder.resolve("picture.png")));
    }

    /** Gives a search's file a second name, and copies it where the disk's format has no such. */
    private static void linkOrWrite(Path search, Inputs invariant, Path file) {
        try {
            Files.createLink(file, search.resolve("invariant.npy"));
        } catch (IOException | UnsupportedOperationException e) {
            invariant.write(file);
        }
    }
}
