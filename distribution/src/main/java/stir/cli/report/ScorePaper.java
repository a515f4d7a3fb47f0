package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import stir.core.io.files.Table;
import stir.core.math.statistics.Estimate;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.study.plan.PlannedModel;
import stir.core.study.results.Comparison;

/** Both directions of a comparison as a table for a paper. */
record ScorePaper(Comparison comparison) {
    private record MeasuredScore(DirectedScore score, String measure) {
        MeasureScore of() {
            return score.of(measure);
        }

        String number(Quantity quantity) {
            return TextTable.number(of().of(quantity), 2);
        }
    }

    PaperTable table() {
        var rows = new ArrayList<MeasuredScore>();
        for (var measure : comparison.settings().measures()) {
            comparison.directions().forEach(score -> rows.add(new MeasuredScore(score, measure)));
        }
        var table = new Table<>(rows)
                .column("measure", MeasuredScore::measure)
                .column("target", row -> row.score.target().model())
                .column("reference", row -> row.score.reference().model())
                .numbers("STIR", row -> row.number(Quantity.STIR))
                .numbers(
                        TextTable.percent(Estimate.LEVEL) + " interval",
                        row -> TextTable.interval(row.of().stir().interval()))
                .numbers(
                        "shared metamers",
                        row -> row.score
                                .sharedMetamers()
                                .map(of -> TextTable.percent(of.share()))
                                .orElse("-"))
                .numbers("floor", row -> TextTable.number(floor(row), 2))
                .numbers("S(X,X')", row -> row.number(Quantity.INPUT_SIMILARITY))
                .numbers("ceiling", row -> row.number(Quantity.CEILING))
                .numbers("p", row -> TextTable.number(row.of().p(), 3))
                .numbers("similarity", row -> row.number(Quantity.SIMILARITY));
        return new PaperTable(
                table,
                "STIR(target | reference) of %s and %s."
                        .formatted(described(comparison.a()), described(comparison.b())),
                "tab:stir-%s-%s".formatted(comparison.a().name(), comparison.b().name()),
                notes(),
                true);
    }

    private OptionalDouble floor(MeasuredScore row) {
        var scale = comparison.scales().get(row.measure);
        return row.of().floor(Objects.requireNonNull(scale, row.measure));
    }

    private static String described(PlannedModel network) {
        return "%s (layer %s)".formatted(network.name(), network.layers().get(0).name());
    }

    private List<String> notes() {
        var settings = comparison.settings();
        return List.of(
                "%d inputs; intervals of %s for the mean over other samples of this size; shared metamers: accepted X' that the target, too, represents as X; p: of a STIR as similar if each X' belonged to another input; S(X,X'): similarity of the inputs themselves."
                        .formatted(comparison.results().plan().inputs().count(), TextTable.percent(Estimate.LEVEL)),
                "Search: %s; %s."
                        .formatted(
                                SearchText.method(settings.inversion()),
                                comparison.directions().stream()
                                        .map(ScorePaper::quality)
                                        .collect(Collectors.joining("; "))),
                "By %s: %s."
                        .formatted(
                                comparison.aGivenB().measure(),
                                comparison.directions().stream()
                                        .map(ScorePaper::verdict)
                                        .collect(Collectors.joining("; "))));
    }

    private static String quality(DirectedScore score) {
        return "at %s residual %s, %s converged%s, moved %s%s"
                .formatted(
                        score.reference().model(),
                        TextTable.number(score.inversion().meanResidual(), 3),
                        TextTable.percent(score.search().converged()),
                        score.search()
                                .acceptance()
                                .map(acceptance -> ", " + TextTable.percent(acceptance.share()) + " accepted")
                                .orElse(""),
                        TextTable.number(score.inversion().meanMoved(), 2),
                        score.inversion().meanDistanceFromInput().stream()
                                .mapToObj(x -> ", X' from X " + TextTable.number(x, 2))
                                .collect(Collectors.joining()));
    }

    private static String verdict(DirectedScore score) {
        return "how much of %s survives what %s ignores: %s"
                .formatted(score.target().model(), score.reference().model(), score.verdict());
    }
}
