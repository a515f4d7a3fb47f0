package stir.cli.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import stir.api.Caution;
import stir.api.Scale;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.io.files.Table;
import stir.core.math.statistics.Estimate;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Acceptance;
import stir.core.score.Advice;
import stir.core.score.CautionFacts;
import stir.core.score.CautionText;
import stir.core.score.ClassOutcome;
import stir.core.score.DirectedScore;
import stir.core.score.Gap;
import stir.core.score.Judgement;
import stir.core.score.Quantity;
import stir.core.score.ScoreSettings;
import stir.core.score.SearchQuality;
import stir.core.score.Stitching;
import stir.core.study.plan.PlannedModel;
import stir.core.study.results.Comparison;

/**
 * The answer of a comparison for people: a question and a verdict per direction, the values of the
 * deciding measure, and the quality of the search, in lines of at most {@link Paragraph#COLUMNS}
 * characters.
 */
final class ScoreAnswer {
    /** The kinds of cautions that the verdict on a search contains. */
    static final Set<String> NOT_ACCEPTED = Set.of(
            CautionText.CANDIDATES_NOT_INVARIANT,
            CautionText.NONE_ACCEPTED,
            CautionText.NOT_INVARIANT,
            CautionText.NOT_INVARIANT_THOUGH_THOROUGH);

    /** The maximum number of characters of a name in the widest table. */
    private static final int LONGEST = 12;

    /** The number of characters of the longest name in a sentence. */
    static final int LONGEST_NAME = 20;

    /** The least difference of pointwise similarities that is worth a sentence. */
    private static final double LESS = 0.05;

    /** The iterations of a longer search, in those of the last one. */
    private static final int LONGER = 4;

    private final Comparison comparison;
    private final List<DirectedScore> scores;
    private final Optional<Path> folder;
    private final CommandText command;
    private final boolean isDetailed;

    /**
     * Creates an answer.
     *
     * @param folder the folder that holds the comparison
     * @param command the command that repeats it
     * @param isDetailed whether the quality of the search is shown if it allowed an answer, too
     */
    ScoreAnswer(Comparison comparison, Optional<Path> folder, CommandText command, boolean isDetailed) {
        this.comparison = comparison;
        this.folder = folder;
        this.command = command;
        this.isDetailed = isDetailed;
        this.scores = comparison.directions();
    }

    private String measure() {
        return scores.get(0).measure();
    }

    private Scale scale() {
        return Objects.requireNonNull(comparison.scales().get(measure()), measure());
    }

    private Inputs inputs() {
        return comparison.results().plan().inputs();
    }

    /** Returns the name of one of both networks in at most that many characters. */
    private String shortened(String model, int characters) {
        var names = List.of(comparison.a().name(), comparison.b().name());
        return Paragraph.shortened(names, characters).get(names.indexOf(model));
    }

    private String name(String model) {
        return shortened(model, LONGEST_NAME);
    }

    /** Returns whether the published measure stands next to the one that decides. */
    private boolean isPublishedShown() {
        return !measure().equals(ScoreSettings.DEFAULT_MEASURE)
                && comparison.settings().measures().contains(ScoreSettings.DEFAULT_MEASURE);
    }

    /** Returns the answer, with a line end after the last line. */
    String text() {
        var settings = comparison.settings().inversion();
        return networks()
                + "\n"
                + questions(false)
                + difference()
                + classes()
                + stitching()
                + "\n"
                + values()
                + (isDetailed || !isAllKnown() ? search() : "\n")
                + Paragraph.hanging("search  ", SearchText.method(settings) + "; " + quality())
                + next(settings);
    }

    /** Returns the questions, their verdicts with the values, and the difference. */
    String verdicts() {
        return questions(true) + difference();
    }

    /** Returns the meaning of the table of searches, or the values that stand for it. */
    private String quality() {
        if (isDetailed || !isAllKnown()) {
            return "converged: residual up to "
                    + SearchQuality.tolerance(comparison.settings().inversion());
        }
        boolean isJudged =
                scores.stream().allMatch(score -> score.search().acceptance().isPresent());
        var shares = scores.stream()
                .map(score -> score.search()
                        .acceptance()
                        .map(Acceptance::share)
                        .orElse(score.search().converged()))
                .map(TextTable::percent)
                .toList();
        var residuals = scores.stream()
                .map(score -> TextTable.number(score.inversion().meanResidual(), 3))
                .toList();
        return "%s %s; residual %s"
                .formatted(
                        String.join(" and ", shares),
                        isJudged ? "of X' accepted" : "of searches converged",
                        String.join(" and ", residuals));
    }

    private boolean isAllKnown() {
        return scores.stream().allMatch(score -> score.verdict().word().isKnown());
    }

    /** Returns a line per network, or two where the layer has no room. */
    private String networks() {
        var networks = List.of(comparison.a(), comparison.b());
        var names = networks.stream().map(network -> name(network.name())).toList();
        var layers = networks.stream().map(ScoreAnswer::layer).toList();
        int name = Math.max(names.get(0).length(), names.get(1).length()) + 2;
        int room = Paragraph.COLUMNS - name;
        int file = room - Math.max(layers.get(0).length(), layers.get(1).length()) - 2;
        var table = new TextTable("");
        var paths = Paragraph.shortened(
                networks.stream()
                        .map(network -> network.model().spec().file().toString())
                        .toList(),
                file >= LONGEST_NAME ? file : room);
        for (int i = 0; i < 2; i++) {
            if (file >= LONGEST_NAME) {
                table.row(names.get(i), paths.get(i), layers.get(i));
            } else {
                table.row(names.get(i), paths.get(i)).row("", layers.get(i));
            }
        }
        var of = inputs();
        var inputs = "%d inputs of %s from ".formatted(of.count(), of.shape());
        return table + inputs + Paragraph.shortened(of.facts().source(), Paragraph.COLUMNS - inputs.length()) + "\n";
    }

    private static String layer(PlannedModel network) {
        var layer = network.layers().get(0);
        return "layer %s (%s)".formatted(Paragraph.shortened(layer.name(), Paragraph.COLUMNS / 2), layer.shape());
    }

    /**
     * Returns a line per direction if both fit, otherwise two, and the reasons below them.
     *
     * @param isAlone whether no table with the values follows
     */
    private String questions(boolean isAlone) {
        var table = new TextTable("");
        scores.forEach(score -> table.row(question(score), answer(score, isAlone)));
        var lines = table.toString().lines().toList();
        boolean isFitting = lines.size() == scores.size()
                && lines.stream().allMatch(line -> Emphasis.width(line) <= Paragraph.COLUMNS);
        var text = new StringBuilder();
        for (int i = 0; i < scores.size(); i++) {
            var score = scores.get(i);
            var reason = score.verdict().reason();
            text.append(isFitting ? lines.get(i) : question(score) + "\n  " + answer(score, isAlone))
                    .append("\n")
                    .append(reason.isEmpty() ? "" : Paragraph.hanging("  ", reason));
        }
        return text.toString();
    }

    private static String answer(DirectedScore score, boolean isAlone) {
        var word = Emphasis.of(score.verdict().word());
        var metamers = score.sharedMetamers()
                .map(of -> ", shared metamers " + TextTable.percent(of.share()))
                .orElse("");
        return isAlone ? word + "  STIR " + TextTable.withInterval(score.stir(), 2) + metamers : word;
    }

    private String question(DirectedScore score) {
        return "How much of %s survives what %s ignores?"
                .formatted(name(score.target().model()), name(score.reference().model()));
    }

    private String difference() {
        var parts = new ArrayList<String>();
        var similarity = scores.get(0).similarity();
        var difference = comparison.differences().get(measure());
        if (difference != null && isAllKnown()) {
            parts.add("Difference %s.".formatted(TextTable.difference(difference, difference.pValue())));
        }
        parts.add("Similarity on X " + TextTable.withInterval(similarity, 2));
        return Paragraph.hanging("", String.join(" ", parts));
    }

    /** Returns a sentence per answer that differs for a class of inputs. */
    private String classes() {
        return scores.stream()
                .filter(score -> score.verdict().word().isKnown())
                .flatMap(score -> lessShared(
                        name(score.target().model()), score.outcomes().classes())
                        .stream())
                .map(sentence -> Paragraph.hanging("", sentence))
                .collect(Collectors.joining());
    }

    /** Returns a sentence per head. */
    private String stitching() {
        var text = new StringBuilder();
        for (var score : scores) {
            var target = name(score.target().model());
            var reference = name(score.reference().model());
            score.outcomes()
                    .stitching()
                    .map(stitching -> stitched(target, reference, stitching))
                    .ifPresent(sentence -> text.append(Paragraph.hanging("", sentence)));
        }
        return text.toString();
    }

    /** Returns the answers of a target's head to the reference's layer. */
    static String stitched(String target, String reference, Stitching stitching) {
        var agreement =
                "On %3$d inputs that were not fitted, %2$s stitched to %1$s's head answers as %1$s for %4$s of X and %5$s of X'."
                        .formatted(
                                target,
                                reference,
                                stitching.inputs(),
                                TextTable.percent(stitching.stitchedAgreement()),
                                TextTable.percent(stitching.stitchedAgreementAfter()));
        return stitching.stitchedAccuracy().isEmpty()
                ? agreement
                : agreement
                        + " Right on X and X': %s and %s; %s %s and %s."
                                .formatted(
                                        percent(stitching.stitchedAccuracy()),
                                        percent(stitching.stitchedAccuracyAfter()),
                                        target,
                                        percent(stitching.targetAccuracy()),
                                        percent(stitching.targetAccuracyAfter()));
    }

    private static String percent(OptionalDouble share) {
        return TextTable.percent(share.orElse(0));
    }

    /** Returns the classes that a target clearly shares less of than of all others, if any. */
    static Optional<String> lessShared(String target, List<ClassOutcome> classes) {
        var less = classes.stream()
                .filter(one -> one.pValue() <= Judgement.LEVEL)
                .filter(one -> one.pointwise() <= one.others() - LESS)
                .toList();
        if (less.isEmpty()) {
            return Optional.empty();
        }
        var names = less.stream()
                .map(one -> "%d (pointwise %s, others %s)"
                        .formatted(
                                one.label(), TextTable.number(one.pointwise(), 2), TextTable.number(one.others(), 2)))
                .toList();
        double p = less.stream().mapToDouble(ClassOutcome::pValue).max().orElseThrow();
        return Optional.of("%s shares less of class %s, %s."
                .formatted(target, String.join(", ", names), TextTable.probability(p)));
    }

    private String values() {
        var table = new Table<>(scores)
                .column("target", score -> shortened(score.target().model(), LONGEST))
                .column(
                        "STIR [%s]".formatted(TextTable.percent(Estimate.LEVEL)),
                        score -> TextTable.withInterval(score.stir(), 2));
        if (hasMetamers()) {
            table.column("shared %", ScoreAnswer::metamers);
        }
        table.column("floor", score -> TextTable.number(score.deciding().floor(scale()), 2));
        if (hasAny(Quantity.INPUT_SIMILARITY)) {
            table.column("S(X,X')", score -> number(score, Quantity.INPUT_SIMILARITY));
        }
        table.column("ceiling", score -> number(score, Quantity.CEILING))
                .column("p", score -> TextTable.number(score.deciding().p(), 3));
        return TextTable.of(table) + Paragraph.hanging("  ", measured()) + repeats();
    }

    private static String number(DirectedScore score, Quantity quantity) {
        return TextTable.number(score.deciding().of(quantity), 2);
    }

    private boolean hasMetamers() {
        return scores.stream().anyMatch(score -> score.sharedMetamers().isPresent());
    }

    /** Returns the shared metamers in percent, with their interval: {@code 0 [0, 16]}. */
    private static String metamers(DirectedScore score) {
        return score.sharedMetamers()
                .map(of -> String.format(
                        Locale.ROOT,
                        "%.0f [%.0f, %.0f]",
                        100 * of.share(),
                        100 * of.interval().low(),
                        100 * of.interval().high()))
                .orElse("-");
    }

    private boolean hasAny(Quantity quantity) {
        return scores.stream().anyMatch(score -> score.deciding().of(quantity).isDefined());
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
        if (hasMetamers()) {
            text.append("; shared: X' that the target, too, takes for X");
        }
        if (hasAny(Quantity.INPUT_SIMILARITY)) {
            text.append("; S(X,X'): no network");
        }
        if (isPublishedShown()) {
            var published = ScoreSettings.DEFAULT_MEASURE;
            text.append("; %s: ".formatted(published))
                    .append(scores.stream()
                            .map(score -> TextTable.number(score.of(published).stir(), 3))
                            .collect(Collectors.joining(" and ")));
            if (comparison.cautions().stream().anyMatch(ScoreAnswer::isOfPublished)) {
                text.append(", inflated with %d inputs".formatted(inputs().count()));
            }
        }
        return text.toString();
    }

    private String repeats() {
        var means = new ArrayList<String>();
        int searches = 0;
        for (var score : scores) {
            var mean = score.deciding().repeats();
            if (mean.isPresent()) {
                searches = mean.get().values().size();
                means.add(TextTable.withInterval(mean.get().mean(), 3));
            }
        }
        return means.isEmpty()
                ? ""
                : Paragraph.hanging("  ", "mean of %d searches: %s".formatted(searches, String.join(" and ", means)));
    }

    private String search() {
        var table = new Table<>(scores)
                .column("reference", score -> name(score.reference().model()))
                .column("converged", score -> TextTable.percent(score.search().converged()));
        if (scores.stream().anyMatch(score -> score.search().acceptance().isPresent())) {
            table.column("accepted", score -> accepted(score, of -> TextTable.percent(of.share())))
                    .column("threshold", score -> accepted(score, of -> TextTable.number(of.threshold(), 3)));
        }
        table.column("residual", score -> TextTable.number(score.inversion().meanResidual(), 3));
        if (scores.stream()
                .anyMatch(score -> score.inversion().meanDistanceFromInput().isPresent())) {
            table.column(
                    "X' from X", score -> TextTable.number(score.inversion().meanDistanceFromInput(), 2));
        }
        table.column("moved", score -> TextTable.number(score.inversion().meanMoved(), 2));
        return TextTable.of(table).toString();
    }

    private static String accepted(DirectedScore score, Function<Acceptance, String> text) {
        return score.search().acceptance().map(text).orElse("-");
    }

    /** Returns what to do next: a reason, and below it a command. */
    private NextSteps next(InversionSettings settings) {
        return isAllKnown() ? ofAnswer(settings) : toSettle(settings);
    }

    private NextSteps ofAnswer(InversionSettings settings) {
        boolean isFirst = comparison.settings().protocol().isEmpty()
                && settings.optimizer() != Optimizer.CANDIDATES
                && isThoroughBetter(settings);
        var steps = new NextSteps();
        if (isFirst || folder.isEmpty()) {
            var better = isFirst ? thorough(command) : command;
            var reason = isFirst ? "a score to report" : "to save the result";
            steps.add(reason, better.intoNewFolder(folder));
        }
        folder.map(CommandText::report).ifPresent(steps::add);
        return steps;
    }

    /** Returns a command that settles both answers, or else those that lead to one. */
    private NextSteps toSettle(InversionSettings settings) {
        var steps = new NextSteps();
        var settlement = Settlement.of(scores.stream().flatMap(score -> score.verdict().advice().stream()));
        var changed = command;
        for (var advice : settlement.changes()) {
            changed = changed(changed, advice, settings);
        }
        var reason = settlement.changes().stream()
                .map(advice -> reason(advice, settings))
                .collect(Collectors.joining(" and "));
        if (!changed.equals(command)) {
            return steps.add(reason, changed.intoNewFolder(folder));
        }
        if (!reason.isEmpty()) {
            return steps.add(reason);
        }
        addLaterLayers(steps);
        return settlement.has(Advice.Kind.OTHER_MEASURE)
                ? steps.add("another measure", CommandText.of("stir", "measures"))
                : steps;
    }

    private void addLaterLayers(NextSteps steps) {
        for (var score : scores) {
            if (score.verdict().advice().stream().anyMatch(one -> one.kind() == Advice.Kind.LATER_LAYER)) {
                boolean isA = score.reference().model().equals(comparison.a().name());
                addLaterLayer(isA ? comparison.a() : comparison.b(), isA ? "a" : "b", steps);
            }
        }
    }

    private static void addLaterLayer(PlannedModel network, String suffix, NextSteps steps) {
        var list =
                CommandText.of("stir", "layers", network.model().spec().file().toString());
        var reason = "a later layer (--layer-%s), of".formatted(suffix);
        if (NextSteps.hasRoom(list)) {
            steps.add(reason, list);
        } else {
            steps.add(reason + " those that `stir layers` lists");
        }
    }

    private String reason(Advice advice, InversionSettings settings) {
        return advice.kind() == Advice.Kind.LONGER_SEARCH
                        && settings.optimizer() == Optimizer.CANDIDATES
                        && !SearchText.isPaired(settings)
                ? "more --candidates"
                : Settlement.text(advice, inputs(), settings);
    }

    /** Returns the command with a change; the same where its amount is the reader's to find. */
    private CommandText changed(CommandText from, Advice advice, InversionSettings settings) {
        var to = Settlement.isOfInputs(advice) ? from : free(from, settings);
        return switch (advice.kind()) {
            case SMALLER_TOLERANCE -> to.with("--tolerance", Settlement.tolerance(advice));
            case OTHER_SEED -> to.with("--seed", Seed.Kind.OTHER_INPUT.text());
            case LONGER_SEARCH -> longer(to, settings);
            default ->
                Settlement.applied(advice, to, inputs(), comparison.settings().memory());
        };
    }

    /** Returns the command with the settings of its protocol, which a change leaves, as options. */
    private CommandText free(CommandText from, InversionSettings settings) {
        return comparison.settings().protocol().isEmpty()
                ? from
                : from.without("--protocol")
                        .with("--optimizer", settings.optimizer().toString())
                        .with("--seed", settings.seed().text());
    }

    /** Returns the command with that optimiser and its own number of iterations. */
    private static CommandText thorough(CommandText from) {
        return from.without("--iterations").with("--optimizer", Optimizer.THOROUGH.toString());
    }

    private static CommandText longer(CommandText from, InversionSettings settings) {
        if (settings.optimizer() == Optimizer.CANDIDATES) {
            return from;
        }
        return isThoroughBetter(settings)
                ? thorough(from)
                : from.with("--iterations", LONGER * settings.iterations() + "");
    }

    /** Returns the setting of an experiment file that makes a search longer. */
    static String longer(InversionSettings settings) {
        if (settings.optimizer() == Optimizer.CANDIDATES) {
            return "candidates: ...";
        }
        return isThoroughBetter(settings)
                ? "optimizer: " + Optimizer.THOROUGH
                : "iterations: " + LONGER * settings.iterations();
    }

    private static boolean isThoroughBetter(InversionSettings settings) {
        return settings.optimizer() != Optimizer.THOROUGH
                && settings.allows(SearchOption.OPTIMIZER, Optimizer.THOROUGH.toString());
    }

    static boolean isOfPublished(Caution caution) {
        return caution.kind().equals(CautionText.BIASED_BY_WIDTH)
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
        if (caution.kind().equals(CautionText.NEAR_INPUTS)) {
            return scores.stream()
                    .allMatch(score ->
                            score.deciding().of(Quantity.INPUT_SIMILARITY).isDefined());
        }
        return NOT_ACCEPTED.contains(caution.kind())
                ? scores.stream().anyMatch(score -> score.verdict().gap().equals(Optional.of(Gap.FEW_ACCEPTED)))
                : caution.kind().equals(CautionText.IGNORES_NOTHING);
    }
}
