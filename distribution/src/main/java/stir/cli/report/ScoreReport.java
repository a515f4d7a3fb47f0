package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import stir.api.Caution;
import stir.core.inputs.Inputs;
import stir.core.io.files.Table;
import stir.core.math.statistics.Estimate;
import stir.core.score.CautionText;
import stir.core.score.DirectedScore;
import stir.core.study.StoredStudy;
import stir.core.study.results.Comparison;
import stir.core.study.results.StudyResults;
import stir.core.study.store.PlanDocument;
import stir.core.study.store.ResultDocument;
import stir.core.study.store.ScoreTable;

/**
 * The report on two networks that are compared in both directions.
 *
 * @param comparisons the comparison, then the same with searches of other lengths
 * @param ofA the additional networks that searches of the first network matched
 * @param ofB those of the second network
 * @param inputs the inputs of both networks
 * @param folder the folder that holds the comparison
 * @param command the command that repeats it
 * @param isDetailed whether the text has all values
 */
public record ScoreReport(
        List<Comparison> comparisons,
        FurtherReferences ofA,
        FurtherReferences ofB,
        Inputs inputs,
        Optional<Path> folder,
        CommandText command,
        boolean isDetailed)
        implements Report {
    /** Copies the comparisons. */
    public ScoreReport {
        comparisons = List.copyOf(comparisons);
    }

    private Comparison comparison() {
        return comparisons.get(0);
    }

    StudyResults results() {
        return comparison().results();
    }

    private String nameOfA() {
        return comparison().a().name();
    }

    private String nameOfB() {
        return comparison().b().name();
    }

    /**
     * The results, and the residual of each network that a search matched, by the name of the
     * searched one.
     */
    private record Document(
            @JsonUnwrapped ResultDocument results,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<Double>> residuals) {}

    @Override
    public JsonDocument document() {
        var results = results();
        var residuals = new LinkedHashMap<String, List<Double>>();
        residuals.put(nameOfA(), ofA.residuals());
        residuals.put(nameOfB(), ofB.residuals());
        residuals.values().removeIf(List::isEmpty);
        return JsonDocument.of(new Document(
                ResultDocument.of(
                        PlanDocument.of(results.plan(), results.scales(), command.line()),
                        results,
                        results.scores().stream().map(this::withRepeats).toList(),
                        comparison().cautions()),
                residuals));
    }

    /** Returns the score with the mean of its repeats, if it is the first of several. */
    private DirectedScore withRepeats(DirectedScore score) {
        return comparisons.stream()
                .flatMap(compared -> compared.directions().stream())
                .filter(first -> first.target().equals(score.target())
                        && first.search().name().equals(score.search().name())
                        && first.search().repeat() == score.search().repeat())
                .findFirst()
                .orElse(score);
    }

    @Override
    public Table<?> table() {
        return ScoreTable.of(results());
    }

    @Override
    public String markdown() {
        return new ScorePaper(comparison()).table().markdown();
    }

    @Override
    public String latex() {
        return new ScorePaper(comparison()).table().latex();
    }

    @Override
    public String text() {
        var answer = answer();
        return answer.text()
                + ofA.text()
                + ofB.alone("", nameOfB())
                + ofA.alone("", nameOfA())
                + SettingsDocument.rangeText(inputs)
                + curve()
                + (isDetailed ? "\n" + details() : "")
                + Paragraph.wrapped(cautions(isDetailed ? comparison().cautions() : answer.cautions())
                        + missing(isDetailed).text());
    }

    private String curve() {
        return comparisons.size() == 1
                ? ""
                : "\n"
                        + new CurveReport(comparisons)
                                .text(comparison().aGivenB().measure());
    }

    private String details() {
        var results = results();
        return results.scores().stream()
                .map(score -> ScoreDetails.of(score, results))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public String remarks() {
        return cautions(comparison().cautions()) + missing(true).text();
    }

    private static String cautions(List<Caution> cautions) {
        return cautions.stream()
                .map(caution -> "caution: " + CautionText.of(caution) + "\n")
                .collect(Collectors.joining());
    }

    private MissingValues missing(boolean hasCorrected) {
        var missing = new MissingValues();
        comparison().directions().forEach(score -> missing.add(score, hasCorrected));
        return missing;
    }

    /** Returns whether any value is defined. */
    public boolean isDefined() {
        return comparison().directions().stream()
                .flatMap(score -> score.measures().values().stream())
                .flatMap(values -> values.values().values().stream())
                .anyMatch(Estimate::isDefined);
    }

    /** Returns the answers alone: a verdict per direction, their difference and the similarity. */
    String verdicts() {
        return answer().verdicts();
    }

    private ScoreAnswer answer() {
        return new ScoreAnswer(comparison(), folder, command, isDetailed);
    }

    /**
     * Writes the invariant inputs, tables of the inputs and of the representations' parts, and a
     * picture next to the results.
     *
     * @param target the folder of the comparison
     */
    public void save(OutputFolder target) {
        var stored = StoredStudy.open(target.path());
        var run = stored.runs().get(0);
        for (var at : stored.layers()) {
            target.link(
                    "invariant-%s.npy".formatted(at.model()),
                    stored.place(at, run).resolve("invariant.npy"));
        }
        target.write("result.json", document());
        OutputFolder.writeText(
                target.path().resolve("inputs.csv"),
                InputsTable.of(inputs, comparison().directions()));
        OutputFolder.writeText(
                target.path().resolve("parts.csv"), PartsTable.of(comparison().directions()));
        var ofFirst = comparison().bGivenA().inversion().invariantInputs();
        var ofSecond = comparison().aGivenB().inversion().invariantInputs();
        InputPicture.of(inputs, List.of(ofFirst, ofSecond))
                .ifPresent(picture -> target.write("picture.png", picture::write));
    }
}
