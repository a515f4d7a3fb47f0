package stir.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import stir.core.inputs.Inputs;
import stir.core.network.NetworkSpec;
import stir.core.network.NetworkSummary;
import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;
import stir.core.statistics.PredictionInterval;
import stir.core.study.StoredStudy;
import stir.core.study.store.ScoreDocument;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Two networks compared in both directions. */
public final class ScoreReport implements Report {
    static final String A_GIVEN_B = "a|b";
    static final String B_GIVEN_A = "b|a";
    private static final String DIFFERENCE = "(a | b) - (b | a)";

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
     * @param comparisons what was found, then the same with searches of other lengths
     * @param a how the first network was opened
     * @param b how the second network was opened
     * @param inputs what they were compared on
     */
    public ScoreReport(List<Comparison> comparisons, NetworkSpec a, NetworkSpec b, Inputs inputs) {
        this.comparison = comparisons.get(0);
        this.curve =
                comparisons.size() == 1
                        ? Optional.empty()
                        : Optional.of(new CurveReport(comparisons));
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
        var root = JsonDocument.object("stir-score/2");
        root.set("a", network(comparison.a(), a));
        root.set("b", network(comparison.b(), b));
        root.set("inputs", SettingsDocument.of(inputs));
        root.set("similarity", ScoreDocument.numbers(comparison.similarity()));
        var intervals = root.putObject("similarity-ci");
        var undefined = JsonDocument.object();
        comparison
                .similarity()
                .forEach(
                        (measure, estimate) -> {
                            estimate.interval()
                                    .ifPresent(
                                            interval ->
                                                    intervals.set(
                                                            measure,
                                                            DirectionReport.document(interval)));
                            estimate.undefined().ifPresent(why -> undefined.put(measure, why));
                        });
        var predictions = root.putObject("similarity-prediction");
        comparison
                .similarity()
                .forEach(
                        (measure, estimate) ->
                                estimate.prediction()
                                        .ifPresent(
                                                next ->
                                                        predictions
                                                                .putArray(measure)
                                                                .add(next.low())
                                                                .add(next.high())));
        if (!undefined.isEmpty()) {
            root.set("similarity-undefined", undefined);
        }
        var stir = root.putObject("stir");
        stir.set(A_GIVEN_B, aGivenB.document());
        stir.set(B_GIVEN_A, bGivenA.document());
        curve.ifPresent(points -> root.set("curve", points.document()));
        var baseline = root.putObject("baseline");
        baseline.set(A_GIVEN_B, ScoreDocument.baselines(comparison.aGivenB()));
        baseline.set(B_GIVEN_A, ScoreDocument.baselines(comparison.bGivenA()));
        root.set("differences", differences());
        root.set("cautions", CautionText.document(comparison.cautions()));
        var settings = SettingsDocument.of(comparison.settings().inversion());
        settings.set("measures", JsonDocument.texts(comparison.settings().measures()));
        settings.put("reduce", comparison.settings().reduction().word());
        settings.put("repeats", comparison.settings().repeats());
        settings.put("memory", comparison.settings().memory());
        settings.put("ci-level", Estimate.LEVEL);
        settings.put("ci-of", "the mean over as many other inputs");
        settings.put("prediction-of", "the value of the next as many inputs");
        settings.put("repeats-ci-of", "the mean over other random numbers of the search");
        settings.put("repeats-prediction-of", "the value of the next random numbers");
        root.set("settings", settings);
        root.set("versions", JsonDocument.texts(comparison.versions()));
        return JsonDocument.of(root);
    }

    private ObjectNode differences() {
        var node = JsonDocument.object();
        comparison
                .differences()
                .forEach(
                        (measure, difference) ->
                                node.withObject("/" + A_GIVEN_B + " - " + B_GIVEN_A)
                                        .set(measure, ScoreDocument.of(difference)));
        return node;
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
                            table.row(
                                    measure,
                                    "S(a, b)",
                                    ResultTable.cell(estimate),
                                    ResultTable.cell(estimate, ConfidenceInterval::low),
                                    ResultTable.cell(estimate, ConfidenceInterval::high),
                                    "",
                                    "",
                                    "",
                                    "",
                                    "",
                                    DirectionReport.end(estimate, PredictionInterval::low),
                                    DirectionReport.end(estimate, PredictionInterval::high),
                                    "",
                                    "",
                                    "",
                                    "");
                            aGivenB.addRow(table, measure);
                            bGivenA.addRow(table, measure);
                            addDifference(table, measure);
                        });
        return table;
    }

    private void addDifference(ResultTable table, String measure) {
        var difference = comparison.differences().get(measure);
        if (difference != null) {
            table.row(
                    measure,
                    DIFFERENCE,
                    difference.difference(),
                    difference.interval().low(),
                    difference.interval().high(),
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    difference.pValue(),
                    "",
                    "");
        }
    }

    /** The table of a comparison, without its rows. */
    static ResultTable emptyTable() {
        return new ResultTable(
                "measure",
                "quantity",
                "value",
                "ci_low",
                "ci_high",
                "self",
                "seed-only",
                "shuffled",
                DirectionReport.CORRECTED,
                "residual_mean",
                "next_low",
                "next_high",
                "shuffled_sd",
                "p",
                "corrected_low",
                "corrected_high");
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
        aGivenB.addQuality(quality, "b");
        bGivenA.addQuality(quality, "a");
        text.append(quality);
        var outcomes = new TextTable("");
        aGivenB.addOutcomes(outcomes, "b", "a");
        bGivenA.addOutcomes(outcomes, "a", "b");
        text.append(outcomes);
        curve.ifPresent(points -> text.append('\n').append(points.text()));
        text.append(remarks());
        return text.toString();
    }

    @Override
    public String remarks() {
        var text = new StringBuilder();
        comparison
                .cautions()
                .forEach(caution -> text.append("caution: " + CautionText.of(caution) + "\n"));
        var missing = new MissingValues();
        missing.add("the similarity", comparison.similarity());
        missing.add("STIR(a | b)", comparison.aGivenB());
        missing.add("STIR(b | a)", comparison.bGivenA());
        return text.append(missing.text()).toString();
    }

    /** Whether any value is defined. */
    public boolean isDefined() {
        return comparison.aGivenB().isDefined()
                || comparison.bGivenA().isDefined()
                || comparison.similarity().values().stream().anyMatch(Estimate::isDefined);
    }

    /**
     * Returns the values of the first measure in a line, in the digits that their intervals
     * support.
     */
    String inShort() {
        var measure = comparison.settings().measures().get(0);
        return "similarity %s, STIR %s and %s"
                .formatted(
                        rounded(comparison.similarity().get(measure)),
                        rounded(comparison.aGivenB().stir().get(measure)),
                        rounded(comparison.bGivenA().stir().get(measure)));
    }

    private static String rounded(@Nullable Estimate estimate) {
        if (estimate == null || estimate.value().isEmpty()) {
            return TextTable.number(estimate);
        }
        boolean wide = estimate.interval().map(i -> i.high() - i.low() > 0.1).orElse(false);
        return String.format(Locale.ROOT, wide ? "%.1f" : "%.2f", estimate.value().getAsDouble());
    }

    private static void addTo(TextTable table, String name, NetworkSummary network) {
        table.row(
                name,
                String.valueOf(Path.of(network.model()).getFileName()),
                "layer " + network.layer() + " (" + network.representation() + ")",
                network.backend());
    }

    /** The values of a measure, and how far they could go up and down. */
    private String values(String measure, Estimate similarity) {
        var table =
                new TextTable("")
                        .row(
                                "",
                                "",
                                TextTable.percent(Estimate.LEVEL) + " interval",
                                "self",
                                "seed-only",
                                "shuffled")
                        .row(
                                "  similarity",
                                TextTable.number(similarity),
                                DirectionReport.interval(similarity));
        DirectionReport.addPrediction(table, similarity);
        aGivenB.addValues(table, measure);
        bGivenA.addValues(table, measure);
        var difference = comparison.differences().get(measure);
        if (difference != null) {
            table.row(
                    "  " + DIFFERENCE,
                    TextTable.number(difference.difference()),
                    DirectionReport.text(Optional.of(difference.interval())),
                    "p " + TextTable.number(difference.pValue()));
        }
        return measure + "\n" + table;
    }

    /**
     * Writes the invariant inputs, the document, a table of the inputs and a picture.
     *
     * @param folder where the comparison is kept
     */
    public void save(OutputFolder folder) {
        var stored = StoredStudy.open(folder.path());
        var run = stored.runs().get(0);
        for (var layer : stored.layers()) {
            var at = layer.at();
            folder.link(
                    "invariant-%s.npy".formatted(at.model()),
                    stored.place(at, run).resolve("invariant.npy"));
        }
        folder.write("result.json", document());
        var directions = new LinkedHashMap<String, DirectedScore>();
        directions.put(A_GIVEN_B, comparison.aGivenB());
        directions.put(B_GIVEN_A, comparison.bGivenA());
        var table = new InputsTable(inputs).text(directions);
        OutputFolder.writeText(folder.path().resolve("inputs.csv"), table);
        var ofA = comparison.bGivenA().inversion().invariantInputs();
        var ofB = comparison.aGivenB().inversion().invariantInputs();
        InputPicture.of(inputs, List.of(ofA, ofB))
                .ifPresent(picture -> folder.write("picture.png", picture::write));
    }
}
