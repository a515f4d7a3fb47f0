package stir.cli.page;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import stir.cli.report.Asymmetry;
import stir.core.inversion.InversionSettings;
import stir.core.study.StoredStudy;
import stir.core.study.StoredStudy.Run;
import stir.core.study.plan.PlannedPair;
import stir.core.study.store.DifferenceDocument;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The differences of scores that a page shows.
 *
 * @param searches the settings of each of its runs; empty where they are not known
 * @param scores all of its scores, in the order of the page's document
 */
record Comparisons(
        StoredStudy study, List<Optional<InversionSettings>> searches, List<ShownScore> scores) {
    /** The most differences of a measure and a run; the table in the folder has all. */
    private static final int MOST = 1000;

    /** The difference of two scores, which are indices of the page's scores. */
    record Row(
            String measure, int first, int second, @JsonUnwrapped DifferenceDocument difference) {}

    /**
     * Some differences of scores.
     *
     * @param rows the clearest ones
     * @param possible the number of all
     * @param tooMany whether none was computed
     */
    record Differences(List<Row> rows, long possible, boolean tooMany) {}

    /**
     * Returns the differences of both directions for all pairs of the given layers; the p-values of
     * a measure and a run are corrected for the number of these pairs.
     */
    List<Row> asymmetries(List<Integer> layers) {
        var all = new ArrayList<Row>();
        for (int run = 0; run < study.runs().size(); run++) {
            int of = run;
            var indices =
                    IntStream.range(0, scores.size())
                            .filter(i -> scores.get(i).run() == of && isOf(scores.get(i), layers))
                            .boxed()
                            .toList();
            var compared = indices.stream().map(i -> scores.get(i).found()).toList();
            for (var measure : study.measures().entrySet()) {
                for (var one : Asymmetry.of(compared, measure.getKey(), measure.getValue())) {
                    all.add(
                            new Row(
                                    measure.getKey(),
                                    indices.get(one.first()),
                                    indices.get(one.second()),
                                    DifferenceDocument.of(one.difference())));
                }
            }
        }
        return all;
    }

    private boolean isOf(ShownScore score, List<Integer> layers) {
        return layers.contains(score.reference())
                && layers.contains(score.target())
                && searches.get(score.run())
                        .filter(score.found().score().inversion()::ignoresNothing)
                        .isEmpty();
    }

    /** Returns which STIR is above which other: the clearest of each measure and run. */
    Differences differences() {
        var indices = new HashMap<PlannedPair, Map<Run, Integer>>();
        for (int i = 0; i < scores.size(); i++) {
            var found = scores.get(i).found();
            indices.computeIfAbsent(
                            new PlannedPair(found.reference(), found.target()),
                            unused -> new HashMap<>())
                    .put(new Run(found.search(), found.repeat()), i);
        }
        var stored = study.differences();
        var groups = new LinkedHashMap<List<Object>, List<Row>>();
        for (var one : stored.all()) {
            var run = new Run(one.search(), one.repeat());
            var first = indices.getOrDefault(one.first(), Map.of()).get(run);
            var second = indices.getOrDefault(one.second(), Map.of()).get(run);
            if (first != null && second != null) {
                groups.computeIfAbsent(List.of(one.measure(), run), unused -> new ArrayList<>())
                        .add(
                                new Row(
                                        one.measure(),
                                        first,
                                        second,
                                        DifferenceDocument.of(one.difference())));
            }
        }
        var clearest =
                Comparator.comparingDouble((Row row) -> row.difference().pValueCorrected())
                        .thenComparing(row -> -Math.abs(row.difference().value()));
        return new Differences(
                groups.values().stream()
                        .flatMap(group -> group.stream().sorted(clearest).limit(MOST))
                        .toList(),
                stored.possible(),
                stored.isTooMany());
    }
}
