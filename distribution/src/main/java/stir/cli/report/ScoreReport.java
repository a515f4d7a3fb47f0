package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import stir.api.Caution;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.io.files.Table;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.network.NetworkSpec;
import stir.core.network.NetworkSummary;
import stir.core.score.Acceptance;
import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.score.Verdict;
import stir.core.study.StoredStudy;
import stir.core.study.store.DifferenceDocument;
import stir.core.study.store.DirectionDocument;
import stir.core.study.store.Ends;
import stir.core.study.store.EstimateDocument;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The report on two networks that are compared in both directions. */
public final class ScoreReport implements Report {
    static final String A_GIVEN_B = "a|b";
    static final String B_GIVEN_A = "b|a";
    private static final String DIFFERENCE = "(a | b) - (b | a)";

    private final Comparison comparison;
    private final NetworkNames names;
    private final Optional<CurveReport> curve;
    private final DirectionReport aGivenB;
    private final DirectionReport bGivenA;
    private final NetworkSpec a;
    private final NetworkSpec b;
    private final FurtherReferences ofA;
    private final FurtherReferences ofB;
    private final Inputs inputs;
    private final Optional<Path> folder;
    private final boolean isDetailed;

    /**
     * Creates a report.
     *
     * @param comparisons the comparison, then the same with searches of other lengths
     * @param a the settings of the first network
     * @param b the settings of the second network
     * @param ofA the further networks that searches of the first network matched
     * @param ofB those of the second network
     * @param inputs the inputs of both networks
     * @param folder the folder that holds the comparison
     * @param isDetailed whether the text has all values
     */
    public ScoreReport(
            List<Comparison> comparisons,
            NetworkSpec a,
            NetworkSpec b,
            FurtherReferences ofA,
            FurtherReferences ofB,
            Inputs inputs,
            Optional<Path> folder,
            boolean isDetailed) {
        this.comparison = comparisons.get(0);
        this.names = NetworkNames.of(comparison.a(), comparison.b());
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
        this.ofA = ofA;
        this.ofB = ofB;
        this.inputs = inputs;
        this.folder = folder;
        this.isDetailed = isDetailed;
    }

    private record Document(
            String schema,
            NetworkDocument a,
            NetworkDocument b,
            SettingsDocument.Data inputs,
            Map<String, OptionalDouble> similarity,
            Map<String, Ends> similarityCi,
            Map<String, Ends> similarityPrediction,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> similarityUndefined,
            Both<DirectionReport.Document> stir,
            Optional<List<CurveReport.Point>> curve,
            Both<DirectionDocument.Baselines> baseline,
            Map<String, Map<String, DifferenceDocument>> differences,
            List<CautionText.Document> cautions,
            Map<String, Object> settings,
            Map<String, String> versions) {}

    private record Both<T>(
            @JsonProperty(A_GIVEN_B) T aGivenB, @JsonProperty(B_GIVEN_A) T bGivenA) {}

    private record NetworkDocument(
            String model,
            String sha256,
            String backend,
            String layer,
            Optional<Map<String, Double>> searchedLayers,
            OptionalDouble ownResidual,
            Optional<List<FurtherReferences.Document>> references,
            Shape representation,
            Shape input,
            List<Double> mean,
            List<Double> std,
            String device,
            int threads,
            Map<String, String> settings) {
        static NetworkDocument of(
                NetworkSummary network, NetworkSpec spec, FurtherReferences further) {
            return new NetworkDocument(
                    network.model(),
                    network.sha256(),
                    network.backend(),
                    network.layer(),
                    searchedLayers(network, spec),
                    further.ownResidual(),
                    further.document(),
                    network.representation(),
                    network.input(),
                    spec.preprocessing().mean(),
                    spec.preprocessing().standardDeviation(),
                    spec.device().toString(),
                    spec.threads(),
                    spec.settings());
        }

        private static Optional<Map<String, Double>> searchedLayers(
                NetworkSummary network, NetworkSpec spec) {
            if (spec.moreLayers().isEmpty()) {
                return Optional.empty();
            }
            var weights = new LinkedHashMap<String, Double>();
            weights.put(network.layer(), spec.layerWeight());
            spec.moreLayers().forEach(layer -> weights.put(layer.name(), layer.weight()));
            return Optional.of(weights);
        }
    }

    @Override
    public JsonDocument document() {
        var intervals = new LinkedHashMap<String, Ends>();
        var predictions = new LinkedHashMap<String, Ends>();
        var undefined = new LinkedHashMap<String, String>();
        for (var one : comparison.similarity().entrySet()) {
            var measure = one.getKey();
            var estimate = one.getValue();
            estimate.interval().ifPresent(found -> intervals.put(measure, Ends.of(found)));
            estimate.prediction().ifPresent(next -> predictions.put(measure, Ends.of(next)));
            estimate.undefined().ifPresent(why -> undefined.put(measure, why));
        }
        return JsonDocument.of(
                new Document(
                        "stir-score/2",
                        NetworkDocument.of(comparison.a(), a, ofA),
                        NetworkDocument.of(comparison.b(), b, ofB),
                        SettingsDocument.of(inputs),
                        EstimateDocument.numbers(comparison.similarity()),
                        intervals,
                        predictions,
                        undefined,
                        new Both<>(aGivenB.document(), bGivenA.document()),
                        curve.map(CurveReport::document),
                        new Both<>(
                                DirectionDocument.Baselines.of(comparison.aGivenB()),
                                DirectionDocument.Baselines.of(comparison.bGivenA())),
                        differences(),
                        CautionText.document(comparison.cautions()),
                        settings(),
                        comparison.versions()));
    }

    private Map<String, Object> settings() {
        var settings = SettingsDocument.of(comparison.settings().inversion());
        settings.put("measures", comparison.settings().measures());
        settings.put("reduce", comparison.settings().reduction().word());
        settings.put("repeats", comparison.settings().repeats());
        settings.put("memory", comparison.settings().memory());
        settings.put("ci-level", Estimate.LEVEL);
        settings.put("ci-of", "the mean over as many other inputs");
        settings.put("prediction-of", "the value of the next as many inputs");
        settings.put("repeats-ci-of", "the mean over other random numbers of the search");
        settings.put("repeats-prediction-of", "the value of the next random numbers");
        return settings;
    }

    private Map<String, Map<String, DifferenceDocument>> differences() {
        var differences = new LinkedHashMap<String, DifferenceDocument>();
        comparison
                .differences()
                .forEach((id, found) -> differences.put(id, DifferenceDocument.of(found)));
        return differences.isEmpty()
                ? Map.of()
                : Map.of(A_GIVEN_B + " - " + B_GIVEN_A, differences);
    }

    /** A line of the table: a similarity, a direction, or the difference of both directions. */
    record Line(
            String measure,
            String quantity,
            Optional<Estimate> estimate,
            Optional<DirectedScore> score,
            Optional<Double> p) {
        private Optional<Estimate> of(Function<DirectedScore, Map<String, Estimate>> kind) {
            return score.flatMap(found -> Optional.ofNullable(kind.apply(found).get(measure)));
        }

        private Optional<Interval> interval() {
            return estimate.flatMap(Estimate::interval);
        }

        private Optional<Interval> prediction() {
            return estimate.flatMap(Estimate::prediction);
        }

        private Optional<Interval> corrected() {
            return of(DirectedScore::baselineCorrected).flatMap(Estimate::interval);
        }

        private Optional<PermutationFloor> floor() {
            return score.flatMap(found -> Optional.ofNullable(found.permutations().get(measure)));
        }
    }

    private static Line line(
            String measure, String quantity, Estimate estimate, Optional<Double> p) {
        return new Line(measure, quantity, Optional.of(estimate), Optional.empty(), p);
    }

    private static Line line(String measure, DirectionReport direction) {
        var score = direction.score();
        return new Line(
                measure,
                direction.name(),
                Optional.ofNullable(score.stir().get(measure)),
                Optional.of(score),
                Optional.ofNullable(score.permutations().get(measure))
                        .map(PermutationFloor::pValue));
    }

    private static Line line(String measure, Difference difference) {
        var estimate = Estimate.of(difference.difference(), Optional.of(difference.interval()));
        return line(measure, DIFFERENCE, estimate, Optional.of(difference.pValue()));
    }

    List<Line> lines() {
        var lines = new ArrayList<Line>();
        for (var one : comparison.similarity().entrySet()) {
            var measure = one.getKey();
            lines.add(line(measure, "S(a, b)", one.getValue(), Optional.empty()));
            lines.add(line(measure, aGivenB));
            lines.add(line(measure, bGivenA));
            Optional.ofNullable(comparison.differences().get(measure))
                    .ifPresent(found -> lines.add(line(measure, found)));
        }
        return lines;
    }

    @Override
    public Table<?> table() {
        return columns(new Table<>(lines()), line -> line);
    }

    @Override
    public String markdown() {
        return paper().markdown();
    }

    @Override
    public String latex() {
        return paper().latex();
    }

    private PaperTable paper() {
        return new ScorePaper(comparison, names).table();
    }

    /** Adds the columns of a comparison to a table. */
    static <T> Table<T> columns(Table<T> table, Function<T, Line> line) {
        BiConsumer<String, Function<Line, ?>> add =
                (name, value) -> table.column(name, line.andThen(value));
        add.accept("measure", Line::measure);
        add.accept("quantity", Line::quantity);
        add.accept("value", of -> of.estimate.map(Estimate::value));
        add.accept("ci_low", of -> of.interval().map(Interval::low));
        add.accept("ci_high", of -> of.interval().map(Interval::high));
        add.accept("self", of -> of.of(DirectedScore::self).map(Estimate::value));
        add.accept("seed-only", of -> of.of(DirectedScore::seedOnly).map(Estimate::value));
        add.accept("shuffled", of -> of.of(DirectedScore::shuffled).map(Estimate::value));
        add.accept("inputs-only", of -> of.of(DirectedScore::inputsOnly).map(Estimate::value));
        add.accept(
                DirectionReport.CORRECTED,
                of -> of.of(DirectedScore::baselineCorrected).map(Estimate::value));
        add.accept("residual_mean", of -> of.score.map(score -> score.inversion().meanResidual()));
        add.accept("next_low", of -> of.prediction().map(Interval::low));
        add.accept("next_high", of -> of.prediction().map(Interval::high));
        add.accept("shuffled_sd", of -> of.floor().map(PermutationFloor::standardDeviation));
        add.accept("p", Line::p);
        add.accept("corrected_low", of -> of.corrected().map(Interval::low));
        add.accept("corrected_high", of -> of.corrected().map(Interval::high));
        add.accept(
                "distance_from_input",
                of -> of.score.map(score -> score.inversion().meanDistanceFromInput()));
        add.accept(
                "accepted",
                of -> of.score.flatMap(DirectedScore::acceptance).map(Acceptance::share));
        return table;
    }

    @Override
    public String text() {
        var answer = new ScoreAnswer(comparison, names, folder);
        return answer.text()
                + ofA.text()
                + ofB.alone("", names.b())
                + ofA.alone("", names.a())
                + SettingsDocument.rangeText(inputs)
                + (isDetailed ? "\n" + details() : additions(answer));
    }

    /** Returns the curve, the cautions and the notes that belong to an answer. */
    private String additions(ScoreAnswer answer) {
        var measure = List.of(Verdict.measure(comparison.settings().measures()));
        return curve.map(points -> "\n" + points.text(measure, names)).orElse("")
                + Paragraph.wrapped(
                        cautions(answer.cautions(), names) + missing(names, false).text());
    }

    private String details() {
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
        text.append(aGivenB.quality("b")).append(bGivenA.quality("a"));
        text.append(aGivenB.outcomes("b", "a")).append(bGivenA.outcomes("a", "b"));
        var measures = comparison.settings().measures();
        curve.map(points -> '\n' + points.text(measures, NetworkNames.LETTERS))
                .ifPresent(text::append);
        return text.append(Paragraph.wrapped(remarks())).toString();
    }

    @Override
    public String remarks() {
        return cautions(comparison.cautions(), NetworkNames.LETTERS)
                + missing(NetworkNames.LETTERS, true).text();
    }

    private static String cautions(List<Caution> cautions, NetworkNames names) {
        return cautions.stream()
                .map(caution -> "caution: " + CautionText.of(caution, names) + "\n")
                .collect(Collectors.joining());
    }

    private MissingValues missing(NetworkNames names, boolean hasCorrected) {
        var missing = new MissingValues();
        missing.add("the similarity", comparison.similarity());
        missing.add(names.stir("a", "b"), comparison.aGivenB());
        missing.add(names.stir("b", "a"), comparison.bGivenA());
        if (hasCorrected) {
            missing.addCorrected(names.stir("a", "b"), comparison.aGivenB());
            missing.addCorrected(names.stir("b", "a"), comparison.bGivenA());
        }
        return missing;
    }

    /** Returns whether any value is defined. */
    public boolean isDefined() {
        return comparison.aGivenB().isDefined()
                || comparison.bGivenA().isDefined()
                || comparison.similarity().values().stream().anyMatch(Estimate::isDefined);
    }

    /** Returns a line with the values of the first measure: the similarity and both STIRs. */
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

    /** Returns the values of a measure with their intervals, floors and ceilings. */
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
                                " similarity",
                                TextTable.number(similarity),
                                DirectionReport.interval(similarity));
        DirectionReport.addPrediction(table, similarity);
        aGivenB.addValues(table, measure);
        bGivenA.addValues(table, measure);
        var difference = comparison.differences().get(measure);
        if (difference != null) {
            table.row(
                    " " + DIFFERENCE,
                    TextTable.number(difference.difference()),
                    DirectionReport.text(Optional.of(difference.interval())),
                    "p " + TextTable.number(difference.pValue()));
        }
        return measure + "\n" + table;
    }

    /**
     * Writes the invariant inputs, the document, a table of the inputs and a picture.
     *
     * @param folder the folder of the comparison
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
        var table = InputsTable.of(inputs, directions);
        OutputFolder.writeText(folder.path().resolve("inputs.csv"), table);
        var ofA = comparison.bGivenA().inversion().invariantInputs();
        var ofB = comparison.aGivenB().inversion().invariantInputs();
        InputPicture.of(inputs, List.of(ofA, ofB))
                .ifPresent(picture -> folder.write("picture.png", picture::write));
    }
}
