package stir.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.Comparison;
import stir.core.DirectedScore;
import stir.core.NetworkSpec;
import stir.core.NetworkSummary;
import stir.core.arrays.NpyFile;
import stir.core.inputs.Inputs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Two networks compared in both directions. */
public final class ScoreReport implements Report {
    private final Comparison comparison;
    private final NetworkSpec a;
    private final NetworkSpec b;
    private final Inputs inputs;

    /**
     * A report.
     *
     * @param comparison what was found
     * @param a how the first network was opened
     * @param b how the second network was opened
     * @param inputs what they were compared on
     */
    public ScoreReport(Comparison comparison, NetworkSpec a, NetworkSpec b, Inputs inputs) {
        this.comparison = comparison;
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
        root.set("similarity", JsonDocument.numbers(comparison.similarity()));
        var stir = root.putObject("stir");
        stir.set("a|b", direction(comparison.aGivenB()));
        stir.set("b|a", direction(comparison.bGivenA()));
        var baseline = root.putObject("baseline");
        baseline.set("a|b", baselines(comparison.aGivenB()));
        baseline.set("b|a", baselines(comparison.bGivenA()));
        root.set("cautions", JsonDocument.texts(comparison.cautions()));
        var settings = SettingsDocument.of(comparison.settings().inversion());
        settings.set("measures", JsonDocument.texts(comparison.settings().measures()));
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

    private ObjectNode direction(DirectedScore score) {
        var node = JsonDocument.object();
        score.stir().forEach((measure, value) -> node.putObject(measure).put("value", value));
        quality(score).addTo(node);
        return node;
    }

    private SearchQuality quality(DirectedScore score) {
        return SearchQuality.of(score.inversion(), comparison.settings().inversion().tolerance());
    }

    private static ObjectNode baselines(DirectedScore score) {
        var node = JsonDocument.object();
        node.set("self", JsonDocument.numbers(score.self()));
        node.set("seed-only", JsonDocument.numbers(score.seedOnly()));
        node.set("shuffled", JsonDocument.numbers(score.shuffled()));
        return node;
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
        comparison.similarity().keySet().forEach(measure -> text.append(values(measure)));
        text.append('\n');
        var quality = new TextTable("");
        quality(comparison.bGivenA()).addTo(quality, "search for a:");
        quality(comparison.aGivenB()).addTo(quality, "search for b:");
        text.append(quality);
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
    private TextTable values(String measure) {
        return new TextTable("")
                .row(measure, "", "ceiling:", "floors:", "")
                .row("  similarity", value(comparison.similarity(), measure), "", "", "")
                .row(row("  STIR(a | b)", comparison.aGivenB(), measure))
                .row(row("  STIR(b | a)", comparison.bGivenA(), measure));
    }

    private static String[] row(String name, DirectedScore score, String measure) {
        return new String[] {
            name,
            value(score.stir(), measure),
            "self " + value(score.self(), measure),
            "seed-only " + value(score.seedOnly(), measure),
            "shuffled " + value(score.shuffled(), measure)
        };
    }

    private static String value(Map<String, Double> values, String measure) {
        return TextTable.number(values.getOrDefault(measure, Double.NaN));
    }

    /** Writes the invariant inputs, the document and a picture into a folder that exists. */
    public void save(Path folder) {
        var ofA = comparison.bGivenA().inversion().invariantInputs();
        var ofB = comparison.aGivenB().inversion().invariantInputs();
        NpyFile.write(folder.resolve("invariant-a.npy"), ofA);
        NpyFile.write(folder.resolve("invariant-b.npy"), ofB);
        OutputFolder.writeText(folder.resolve("result.json"), document().toJson());
        InputPicture.of(inputs, List.of(ofA, ofB))
                .ifPresent(picture -> picture.write(folder.resolve("picture.png")));
    }
}
