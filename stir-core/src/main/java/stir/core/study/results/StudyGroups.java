package stir.core.study.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import stir.api.Scale;
import stir.core.io.files.Table;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Interval;
import stir.core.score.DirectedScore;
import stir.core.score.Judgement;

/**
 * The statements of a study about groups of networks: each group is a sample, and intervals hold
 * for other networks of the groups and other inputs ({@link
 * stir.core.math.statistics.TwoFactorBootstrap}).
 *
 * <p>All that differs between the networks of a group, such as their seeds, is part of its spread.
 * Layers are matched by their position in each network. A factor that gives each network its own
 * group names networks, and has no statements.
 *
 * <p>Inconclusive scores are left out ({@link stir.core.score.DirectedScore#isLeftOut}) with whole
 * networks, and counted. There is no statement where fewer networks are left than an interval needs.
 *
 * <p>p-values are corrected for all differences of one factor, question, measure, search and
 * repeat; comparisons of two factors are one question of the study.
 *
 * @param scores the mean STIR of each pair of groups
 * @param differences the differences of groups
 * @since 0.1.0
 */
public record StudyGroups(List<GroupScore> scores, List<GroupDifference> differences) {
    /** The statements of a study without groups. */
    public static final StudyGroups NONE = new StudyGroups(List.of(), List.of());

    /** Copies the lists. */
    public StudyGroups {
        scores = List.copyOf(scores);
        differences = List.copyOf(differences);
    }

    private record HolmFamily(
            GroupDifference.Question question, String measure, String search, int repeat, String factor) {
        private static HolmFamily of(GroupDifference one) {
            return new HolmFamily(
                    one.question(),
                    one.measure(),
                    one.search(),
                    one.repeat(),
                    one.question() == GroupDifference.Question.FACTOR ? "" : one.factor());
        }
    }

    /** Returns whether there are no statements. */
    public boolean isEmpty() {
        return scores.isEmpty();
    }

    /**
     * Returns the statements of some scores.
     *
     * @param networks the networks of the study, in its order
     * @param scores the scores of all searches and repeats
     * @param scales the scales of the measures
     */
    public static StudyGroups of(List<GroupedNetwork> networks, List<DirectedScore> scores, Map<String, Scale> scales) {
        var grouped = networks.stream().filter(one -> !one.factors().isEmpty()).toList();
        if (grouped.isEmpty()) {
            return NONE;
        }
        var runs = new LinkedHashMap<StudyDifferences.Run, List<DirectedScore>>();
        for (var score : scores) {
            runs.computeIfAbsent(
                            new StudyDifferences.Run(
                                    score.search().name(), score.search().repeat()),
                            unused -> new ArrayList<>())
                    .add(score);
        }
        var means = new ArrayList<GroupScore>();
        var differences = new ArrayList<GroupDifference>();
        runs.forEach((run, ofRun) -> scales.forEach((measure, scale) -> {
            var statistics = new GroupStatistics(grouped, ofRun, measure, scale);
            means.addAll(statistics.scores());
            differences.addAll(statistics.differences());
        }));
        return new StudyGroups(means, corrected(differences, scales));
    }

    /** Returns the differences in their order, with corrected p-values and their verdicts. */
    private static List<GroupDifference> corrected(List<GroupDifference> all, Map<String, Scale> scales) {
        var families = new LinkedHashMap<HolmFamily, List<Integer>>();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).difference().isPresent()) {
                families.computeIfAbsent(HolmFamily.of(all.get(i)), unused -> new ArrayList<>())
                        .add(i);
            }
        }
        var corrected = new ArrayList<>(all);
        for (var family : families.values()) {
            var differences = Difference.together(family.stream()
                    .flatMap(i -> all.get(i).difference().stream())
                    .toList());
            for (int i = 0; i < differences.size(); i++) {
                var one = all.get(family.get(i));
                var difference = differences.get(i);
                boolean isLarger = difference.difference() > 0;
                boolean isMoreSimilar = isLarger
                        == scales.getOrDefault(one.measure(), Scale.UNIT).largerIsMoreSimilar();
                boolean isClear = difference.correctedPValue() < Judgement.LEVEL;
                corrected.set(
                        family.get(i),
                        one.with(difference, one.verdict().map(unused -> verdict(isClear, isMoreSimilar))));
            }
        }
        return corrected;
    }

    private static GroupVerdict verdict(boolean isClear, boolean isMoreSimilar) {
        if (!isClear) {
            return GroupVerdict.WITHIN_SPREAD;
        }
        return isMoreSimilar ? GroupVerdict.MORE_THAN_SEEDS : GroupVerdict.LESS_WITHIN;
    }

    /** Returns the table {@code groups.csv}: one row per pair of groups and layers. */
    public String scoresCsv() {
        Function<GroupScore, Optional<Interval>> interval = one -> one.stir().interval();
        return new Table<>(scores)
                .column("measure", GroupScore::measure)
                .column("search", GroupScore::search)
                .column("repeat", GroupScore::repeat)
                .column("factor", GroupScore::factor)
                .column("target_group", GroupScore::targetGroup)
                .column("target_layer", GroupScore::targetLayer)
                .column("targets", GroupScore::targets)
                .column("reference_group", GroupScore::referenceGroup)
                .column("reference_layer", GroupScore::referenceLayer)
                .column("references", GroupScore::references)
                .column("scores", one -> one.counts().scores())
                .column("inconclusive", one -> one.counts().inconclusive())
                .column("used", one -> one.counts().used())
                .column("stir", one -> one.stir().value())
                .column("low", one -> interval.apply(one).map(Interval::low))
                .column("high", one -> interval.apply(one).map(Interval::high))
                .column("reason", GroupScore::reason)
                .csv();
    }

    /** Returns the table {@code group-differences.csv}: one row per difference of groups. */
    public String differencesCsv() {
        return new Table<>(differences)
                .column("question", one -> one.question().key())
                .column("measure", GroupDifference::measure)
                .column("search", GroupDifference::search)
                .column("repeat", GroupDifference::repeat)
                .column("factor", GroupDifference::factor)
                .column("group", GroupDifference::group)
                .column("other", GroupDifference::other)
                .column("target_layer", GroupDifference::targetLayer)
                .column("reference_layer", GroupDifference::referenceLayer)
                .column("scores", one -> one.counts().scores())
                .column("inconclusive", one -> one.counts().inconclusive())
                .column("used", one -> one.counts().used())
                .column("difference", one -> one.difference().map(Difference::difference))
                .column(
                        "low",
                        one -> one.difference()
                                .map(difference -> difference.interval().low()))
                .column(
                        "high",
                        one -> one.difference()
                                .map(difference -> difference.interval().high()))
                .column("p", one -> one.difference().map(Difference::pValue))
                .column("p_corrected", one -> one.difference().map(Difference::correctedPValue))
                .column("verdict", GroupDifference::verdict)
                .column("reason", GroupDifference::reason)
                .csv();
    }
}
