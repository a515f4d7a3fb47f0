package stir.cli.report;

import org.jspecify.annotations.Nullable;

import stir.api.Caution;
import stir.api.Scale;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.math.statistics.Estimate;
import stir.core.network.NetworkSummary;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Acceptance;
import stir.core.score.CautionFacts;
import stir.core.score.Comparison;
import stir.core.score.ConvergedScore;
import stir.core.score.DirectedScore;
import stir.core.score.ScoreSettings;
import stir.core.score.Verdict;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The answer of a comparison for people: a question and a verdict per direction, the values of the
 * deciding measure, and the quality of the search, in lines of at most {@link Paragraph#COLUMNS}
 * characters.
 */
final class ScoreAnswer {
    /** The kinds of cautions that the verdict on a search contains. */
    static final Set<String> NOT_ACCEPTED =
            Set.of(
                    "candidates-not-invariant",
                    "none-accepted",
                    "not-invariant",
                    "not-invariant-though-thorough");

    /** The kind of the caution that there is nothing to ignore. */
    static final String IGNORES_NOTHING = "ignores-nothing";

    /** The kind of a caution that most scores of early layers have. */
    static final String NEAR_INPUTS = "near-inputs";

    /** The maximum number of characters of a name in the widest table. */
    private static final int LONGEST = 14;

    private static final String THOROUGH = "--optimizer " + Optimizer.THOROUGH;

    private final Comparison comparison;
    private final NetworkNames names;
    private final List<Side> sides;
    private final Optional<Path> folder;

    /**
     * Creates an answer.
     *
     * @param folder the folder that holds the comparison
     */
    ScoreAnswer(Comparison comparison, NetworkNames names, Optional<Path> folder) {
        this.comparison = comparison;
        this.names = names;
        this.folder = folder;
        this.sides = List.of(side("a", "b"), side("b", "a"));
    }

    private Side side(String target, String reference) {
        var score = target.equals("a") ? comparison.aGivenB() : comparison.bGivenA();
        var settings = comparison.settings();
        return new Side(
                names.of(target),
                names.of(reference),
                reference,
                VerdictText.of(score, settings.measures(), settings.inversion()));
    }

    /** A direction. */
    private record Side(String target, String reference, String letter, VerdictText verdict) {
        MeasuredScore of() {
            return verdict.of();
        }

        DirectedScore score() {
            return verdict.of().score();
        }

        Inversion inversion() {
            return score().inversion();
        }

        String stir() {
            return "STIR " + of().withInterval();
        }

        @Nullable Estimate published() {
            return score().stir().get(ScoreSettings.DEFAULT_MEASURE);
        }

        String accepted() {
            var share = score().acceptance().map(Acceptance::share);
            return share.map(TextTable::percent).orElse("-");
        }

        String different() {
            var least = score().acceptance().map(Acceptance::smallestDistance);
            return least.map(distance -> TextTable.number(distance, 3)).orElse("-");
        }

        String question() {
            return "Does %s ignore what %s ignores?".formatted(target, reference);
        }
    }

    private String measure() {
        return sides.get(0).of().measure();
    }

    private Scale scale() {
        return Objects.requireNonNull(comparison.scales().get(measure()), measure());
    }

    /** Returns whether the published measure stands next to the one that decides. */
    private boolean isPublishedShown() {
        return !measure().equals(ScoreSettings.DEFAULT_MEASURE)
                && comparison.settings().measures().contains(ScoreSettings.DEFAULT_MEASURE);
    }

    /** Returns the answer, with a line end after the last line. */
    String text() {
        return networks() + "\n" + questions() + difference() + "\n" + values() + "\n" + search();
    }

    /** Returns a line per network, or two where the layer has no room. */
    private String networks() {
        var layers = Stream.of(comparison.a(), comparison.b()).map(ScoreAnswer::layer).toList();
        int name = Math.max(names.a().length(), names.b().length()) + 2;
        int room = Paragraph.COLUMNS - name;
        int file = room - Math.max(layers.get(0).length(), layers.get(1).length()) - 2;
        var table = new TextTable("");
        for (int i = 0; i < 2; i++) {
            var model = (i == 0 ? comparison.a() : comparison.b()).model();
            var letter = i == 0 ? names.a() : names.b();
            if (file >= NetworkNames.LONGEST) {
                table.row(letter, Paragraph.shortened(model, file), layers.get(i));
            } else {
                table.row(letter, Paragraph.shortened(model, room)).row("", layers.get(i));
            }
        }
        var inputs = "%d inputs of %s from ".formatted(comparison.count(), comparison.inputShape());
        return table
                + inputs
                + Paragraph.shortened(comparison.inputs(), Paragraph.COLUMNS - inputs.length())
                + "\n";
    }

    private static String layer(NetworkSummary network) {
        return "layer %s (%s)"
                .formatted(
                        Paragraph.shortened(network.layer(), Paragraph.COLUMNS / 2),
                        network.representation());
    }

    /** Returns a line per direction if both fit, otherwise two. */
    private String questions() {
        boolean isAnswered = sides.stream().allMatch(side -> side.verdict.reason().isEmpty());
        var table = new TextTable("");
        sides.forEach(side -> table.row(side.question(), side.verdict.answer(), side.stir()));
        var text = table.toString();
        if (isAnswered && text.lines().allMatch(line -> line.length() <= Paragraph.COLUMNS)) {
            return text;
        }
        return sides.stream()
                .map(side -> side.question() + "\n" + Paragraph.hanging("  ", longAnswer(side)))
                .collect(Collectors.joining());
    }

    private static String longAnswer(Side side) {
        return side.verdict.answer()
                + side.verdict
                        .reason()
                        .map(reason -> ": %s (%s)".formatted(reason, side.stir()))
                        .orElseGet(() -> "  " + side.stir());
    }

    private String difference() {
        var parts = new ArrayList<String>();
        var similarity = comparison.similarity().get(measure());
        var difference = comparison.differences().get(measure());
        if (difference != null
                && sides.stream().allMatch(side -> side.verdict.verdict().isKnown())) {
            parts.add(
                    "Difference %s %s, %s."
                            .formatted(
                                    TextTable.number(difference.difference(), 2),
                                    TextTable.interval(Optional.of(difference.interval())),
                                    TextTable.probability(difference.pValue())));
        }
        parts.add(
                "Plain similarity %s %s"
                        .formatted(
                                TextTable.number(similarity, 2),
                                TextTable.interval(
                                        Optional.ofNullable(similarity)
                                                .flatMap(Estimate::interval)))
                        .strip());
        return Paragraph.hanging("", String.join(" ", parts));
    }

    private String values() {
        var columns = new ArrayList<Column>();
        columns.add(new Column("target", side -> Paragraph.shortened(side.target, LONGEST)));
        columns.add(new Column("STIR", side -> TextTable.number(side.of().stir().orElse(null), 3)));
        columns.add(
                new Column(
                        TextTable.percent(Estimate.LEVEL) + " interval",
                        side -> side.of().interval()));
        columns.add(new Column("floor", side -> TextTable.number(side.of().floor(scale()), 2)));
        if (sides.stream().anyMatch(side -> side.of().inputsOnly().isPresent())) {
            columns.add(new Column("S(X,X')", side -> TextTable.number(side.of().inputsOnly(), 2)));
        }
        columns.add(new Column("ceiling", side -> TextTable.number(side.of().ceiling(), 2)));
        columns.add(new Column("p", side -> TextTable.number(side.of().p(), 3)));
        if (isPublishedShown()) {
            columns.add(new Column("published", side -> TextTable.number(side.published(), 3)));
        }
        return table(columns) + Paragraph.hanging("  ", measured()) + repeats();
    }

    /** A column with a row per direction. */
    private record Column(String head, Function<Side, String> cell) {}

    private TextTable table(List<Column> columns) {
        var table =
                new TextTable("", 1).row(columns.stream().map(Column::head).toArray(String[]::new));
        for (var side : sides) {
            var cells = columns.stream().map(column -> column.cell.apply(side));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private String measured() {
        var text = new StringBuilder("STIR: ").append(measure());
        if (!scale().largerIsMoreSimilar()) {
            text.append(", a distance (lower is more alike)");
        }
        var reduction = comparison.settings().reduction();
        if (reduction != RepresentationReduction.FLATTEN) {
            text.append(", reduced by ").append(reduction.word());
        }
        if (isPublishedShown()) {
            text.append("; published: ").append(ScoreSettings.DEFAULT_MEASURE);
            if (comparison.cautions().stream().anyMatch(ScoreAnswer::isOfPublished)) {
                text.append(", inflated with %d inputs".formatted(comparison.count()));
            }
        }
        return text.toString();
    }

    private String repeats() {
        var means = new ArrayList<String>();
        int searches = 0;
        for (var side : sides) {
            var mean = side.score().repeats().get(measure());
            if (mean != null) {
                searches = mean.values().size();
                means.add(
                        TextTable.number(mean.mean(), 3)
                                + " "
                                + TextTable.interval(mean.interval()));
            }
        }
        return means.isEmpty()
                ? ""
                : Paragraph.hanging(
                        "  ",
                        "mean of %d searches: %s".formatted(searches, String.join(" and ", means)));
    }

    private String search() {
        var settings = comparison.settings().inversion();
        boolean isJudged = sides.stream().anyMatch(side -> side.score().acceptance().isPresent());
        var columns = new ArrayList<Column>();
        columns.add(new Column("reference", side -> side.reference));
        double within = ConvergedScore.within(settings);
        columns.add(
                new Column(
                        "<=" + within,
                        side -> TextTable.percent(side.inversion().converged(within))));
        if (isJudged) {
            columns.add(new Column("accepted", Side::accepted));
            columns.add(new Column("different", Side::different));
        }
        columns.add(
                new Column(
                        "residual", side -> TextTable.number(side.inversion().meanResidual(), 3)));
        if (sides.stream().anyMatch(side -> side.inversion().meanDistanceFromInput().isPresent())) {
            columns.add(
                    new Column(
                            "X' from X",
                            side -> TextTable.number(side.inversion().meanDistanceFromInput(), 2)));
        }
        columns.add(new Column("moved", side -> TextTable.number(side.inversion().meanMoved(), 2)));
        return table(columns)
                + Paragraph.hanging("search  ", method(settings, isJudged))
                + Paragraph.hanging("next    ", next(settings));
    }

    private static String method(InversionSettings settings, boolean isJudged) {
        return SearchText.method(settings)
                + (isJudged
                        ? "; accepted: below half of `different`"
                        : "; found: residual up to " + ConvergedScore.within(settings));
    }

    private String next(InversionSettings settings) {
        var steps = new ArrayList<String>();
        if (isAnyOf(Verdict.NOTHING_TO_IGNORE)) {
            steps.add(
                    sides.stream()
                            .filter(side -> side.verdict.verdict() == Verdict.NOTHING_TO_IGNORE)
                            .map(side -> "--layer-" + side.letter)
                            .sorted()
                            .collect(Collectors.joining(", ", "a later layer (", ")")));
        }
        if (isAnyOf(Verdict.FEW_ACCEPTED)) {
            steps.addAll(moreAccepted(settings));
        } else if (!isAnyOf(Verdict.NOTHING_TO_IGNORE)
                && settings.optimizer() != Optimizer.NEAREST
                && isThoroughBetter(settings)) {
            steps.add(THOROUGH + " for the value to report");
        }
        if (isAnyOf(Verdict.LOW_CEILING)
                || isAnyOf(Verdict.UNDEFINED)
                || isAnyOf(Verdict.WIDE_INTERVAL)
                || isAnyOf(Verdict.NEAR_INPUTS)) {
            steps.add("more inputs");
        }
        steps.add(
                folder.map(place -> "stir report " + ShellWord.of(place.toString()))
                        .orElse("--out DIR keeps it"));
        int others = comparison.settings().measures().size() - (isPublishedShown() ? 2 : 1);
        steps.add(
                "--details"
                        + (others > 0
                                ? " (%d more measure%s)".formatted(others, others > 1 ? "s" : "")
                                : ""));
        return String.join("; ", steps);
    }

    /**
     * Returns the steps after which more invariant inputs may be accepted: where the tolerance is
     * not below the threshold, a longer search ends as before.
     */
    private List<String> moreAccepted(InversionSettings settings) {
        var thresholds =
                sides.stream()
                        .filter(side -> side.verdict.verdict() == Verdict.FEW_ACCEPTED)
                        .map(side -> side.score().acceptance().map(Acceptance::threshold))
                        .toList();
        var tooLow =
                thresholds.stream()
                        .flatMap(Optional::stream)
                        .filter(threshold -> threshold > 0 && threshold <= settings.tolerance())
                        .toList();
        var steps = new ArrayList<String>();
        tooLow.stream()
                .min(Comparator.naturalOrder())
                .ifPresent(least -> steps.add("--tolerance " + below(least)));
        if (tooLow.size() < thresholds.size()) {
            steps.add(longer(settings));
        }
        return steps;
    }

    /** Returns a number of two digits below a value. */
    private static String below(double value) {
        return new BigDecimal(0.99 * value)
                .round(new MathContext(2, RoundingMode.DOWN))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String longer(InversionSettings settings) {
        if (isThoroughBetter(settings)) {
            return "a longer search (" + THOROUGH + ")";
        }
        if (SearchText.isPaired(settings)) {
            return "pairs with smaller residuals";
        }
        return settings.optimizer() == Optimizer.NEAREST
                ? "more --candidates"
                : "more --iterations";
    }

    private static boolean isThoroughBetter(InversionSettings settings) {
        return settings.optimizer() != Optimizer.THOROUGH
                && settings.allows(SearchOption.OPTIMIZER, Optimizer.THOROUGH.toString());
    }

    private boolean isAnyOf(Verdict verdict) {
        return sides.stream().anyMatch(side -> side.verdict.verdict() == verdict);
    }

    static boolean isOfPublished(Caution caution) {
        return caution.kind().equals("biased-by-width")
                && caution.measure().equals(Optional.of(ScoreSettings.DEFAULT_MEASURE));
    }

    /** Returns the cautions that the answer does not contain in other words. */
    List<Caution> cautions() {
        return comparison.cautions().stream()
                .filter(caution -> !(isPublishedShown() && isOfPublished(caution)))
                .filter(caution -> !caution.facts().containsKey(CautionFacts.CONVERGED_INPUTS))
                .filter(caution -> !isInVerdicts(caution))
                .toList();
    }

    private boolean isInVerdicts(Caution caution) {
        if (caution.kind().equals(NEAR_INPUTS)) {
            return sides.stream().allMatch(side -> side.of().inputsOnly().isPresent());
        }
        return NOT_ACCEPTED.contains(caution.kind())
                ? isAnyOf(Verdict.FEW_ACCEPTED)
                : caution.kind().equals(IGNORES_NOTHING);
    }
}
