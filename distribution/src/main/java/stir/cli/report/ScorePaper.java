package stir.cli.report;

import stir.core.io.files.Table;
import stir.core.math.statistics.Estimate;
import stir.core.network.NetworkSummary;
import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.score.ScoreSettings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;

/** Both directions of a comparison as a table for a paper. */
record ScorePaper(Comparison comparison, NetworkNames names) {
    private record Row(String target, String reference, MeasuredScore of) {}

    PaperTable table() {
        var rows = new ArrayList<Row>();
        for (var measure : comparison.settings().measures()) {
            rows.add(
                    new Row(
                            names.a(),
                            names.b(),
                            new MeasuredScore(comparison.aGivenB(), measure)));
            rows.add(
                    new Row(
                            names.b(),
                            names.a(),
                            new MeasuredScore(comparison.bGivenA(), measure)));
        }
        var table =
                new Table<>(rows)
                        .column("measure", row -> row.of.measure())
                        .column("target", Row::target)
                        .column("reference", Row::reference)
                        .numbers("STIR", row -> TextTable.number(row.of.stir().orElse(null), 2))
                        .numbers(
                                TextTable.percent(Estimate.LEVEL) + " interval",
                                row -> row.of.interval())
                        .numbers("floor", row -> TextTable.number(floor(row.of), 2))
                        .numbers("ceiling", row -> TextTable.number(row.of.ceiling(), 2))
                        .numbers("p", row -> TextTable.number(row.of.p(), 3));
        return new PaperTable(
                table,
                "STIR(target | reference) of %s and %s."
                        .formatted(
                                described(names.a(), comparison.a()),
                                described(names.b(), comparison.b())),
                "tab:stir-%s-%s".formatted(names.a(), names.b()),
                notes(),
                false);
    }

    private OptionalDouble floor(MeasuredScore score) {
        var scale = comparison.scales().get(score.measure());
        return score.floor(Objects.requireNonNull(scale, score.measure()));
    }

    private static String described(String name, NetworkSummary network) {
        return "%s (layer %s)".formatted(name, network.layer());
    }

    private List<String> notes() {
        var settings = comparison.settings();
        var notes = new ArrayList<String>();
        notes.add(
                "%d inputs; intervals of %s for the mean over as many other inputs; p: of a value as similar if each X' belonged to another input."
                        .formatted(comparison.count(), TextTable.percent(Estimate.LEVEL)));
        notes.add(
                "Search: %s; %s; %s."
                        .formatted(
                                SearchText.method(settings.inversion()),
                                found(names.a(), comparison.bGivenA()),
                                found(names.b(), comparison.aGivenB())));
        verdicts(settings).forEach(notes::add);
        return notes;
    }

    private String found(String reference, DirectedScore score) {
        return "at %s residual %s, %s %s"
                .formatted(
                        reference,
                        TextTable.number(score.inversion().meanResidual(), 3),
                        TextTable.percent(score.accepted(comparison.settings().inversion())),
                        VerdictText.accepting(score));
    }

    private List<String> verdicts(ScoreSettings settings) {
        var a = VerdictText.of(comparison.aGivenB(), settings.measures(), settings.inversion());
        var b = VerdictText.of(comparison.bGivenA(), settings.measures(), settings.inversion());
        return List.of(
                "By %s: %s; %s."
                        .formatted(
                                a.of().measure(),
                                verdict(names.a(), names.b(), a),
                                verdict(names.b(), names.a(), b)));
    }

    private static String verdict(String target, String reference, VerdictText verdict) {
        return "%s ignores what %s ignores: %s%s"
                .formatted(
                        target,
                        reference,
                        verdict.answer().toLowerCase(Locale.ROOT),
                        verdict.reason().map(" (%s)"::formatted).orElse(""));
    }
}
