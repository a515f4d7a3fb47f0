package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stir.core.Stir;
import stir.core.io.files.Table;
import stir.core.score.DirectedScore;
import stir.core.score.Gap;
import stir.core.score.Judgement;
import stir.core.score.Verdict;
import stir.core.study.file.ExperimentFile;
import stir.core.study.results.BestScores;
import stir.core.study.results.GroupDifference;
import stir.core.study.results.GroupScore;
import stir.core.study.results.GroupVerdict;
import stir.core.study.results.ScoreCounts;
import stir.core.study.results.StudyGroups;
import stir.core.study.results.StudyResults;

/** Statements about groups of networks. */
class StudyGroupsTest extends StudyInFolder {
    private static final String SEARCH = "search: {optimizer: fast, iterations: 60}\n";

    private StudyResults run(String out, String... factors) throws IOException {
        var text = new StringBuilder("models:\n");
        for (int i = 0; i < factors.length; i++) {
            int number = i + 1;
            if (!Files.exists(folder.resolve("net%d.plain".formatted(number)))) {
                study.network(number, number);
            }
            text.append("  - {name: n%d, file: net%d.plain, layers: [%s]%s}\n"
                    .formatted(number, number, PlainBackend.HIDDEN, factors[i]));
        }
        text.append("inputs: images.npy\nmeasures: [linear-cka]\n").append(SEARCH);
        var file = Files.writeString(folder.resolve("groups.yaml"), text);
        try (var checked = Stir.load().check(ExperimentFile.read(file))) {
            assertEquals(List.of(), checked.problems());
            return checked.study().run(folder.resolve(out), RunOptions.DEFAULT, StudyListener.SILENT);
        }
    }

    /** Returns results as if their scores were inconclusive for these reasons, and the others known. */
    private static StudyResults judged(StudyResults results, Function<DirectedScore, Optional<Gap>> gap) {
        var scores = results.scores().stream()
                .map(score -> new DirectedScore(
                        score.target(),
                        score.reference(),
                        score.search(),
                        score.measures(),
                        new Judgement(
                                gap.apply(score).isPresent() ? Verdict.INCONCLUSIVE : Verdict.PARTLY,
                                gap.apply(score),
                                "",
                                List.of()),
                        score.outcomes(),
                        score.cautions()))
                .toList();
        return StudyResults.of(results.plan(), scores, results.similarities(), results.scales(), results.work());
    }

    /** Returns the reason of a score whose search failed. */
    private static Optional<Gap> fewAccepted(DirectedScore score, String... references) {
        return Optional.of(Gap.FEW_ACCEPTED)
                .filter(gap -> List.of(references).contains(score.reference().model()));
    }

    private static double mean(StudyResults results, String... networks) {
        var names = List.of(networks);
        return results.scores().stream()
                .filter(one -> names.contains(one.target().model()))
                .filter(one -> names.contains(one.reference().model()))
                .filter(one -> !one.isOfItself())
                .mapToDouble(one -> one.stir("linear-cka").value().orElseThrow())
                .average()
                .orElseThrow();
    }

    @Test
    void inconclusiveScoresAreLeftOutWithTheirNetworksAndCounted() throws IOException {
        var all = IntStream.range(0, 8)
                .mapToObj(i -> group(i % 2 == 0 ? "a" : "b"))
                .toList();
        var results = run("out", all.toArray(String[]::new));
        var known = judged(results, score -> Optional.empty()).groups();
        assertEquals(new ScoreCounts(12, 0, 12), score(known, "a", "a").counts());

        var one = judged(results, score -> fewAccepted(score, "n1")).groups();
        var within = score(one, "a", "a");
        assertEquals(new ScoreCounts(12, 3, 6), within.counts());
        assertEquals(mean(results, "n3", "n5", "n7"), within.stir().value().orElseThrow(), 1e-12);
        assertTrue(within.stir().interval().isPresent());
        assertEquals(new ScoreCounts(16, 4, 12), score(one, "b", "a").counts());
        assertEquals(new ScoreCounts(16, 0, 16), score(one, "a", "b").counts());
        var question = difference(one, GroupDifference.Question.WITHIN_BETWEEN);
        assertEquals(new ScoreCounts(56, 7, 42), question.counts());
        assertTrue(question.difference().isPresent());

        var two = judged(results, score -> fewAccepted(score, "n1", "n3")).groups();
        assertEquals(
                Optional.of("6 of 12 scores are inconclusive, missing or of a reference that ignores nothing;"
                        + " without them 2 of 4 networks of a are left: an interval needs 3"),
                score(two, "a", "a").stir().undefined());
        assertTrue(score(two, "b", "a").stir().interval().isPresent(), "two suffice between groups");
        var unknown = difference(two, GroupDifference.Question.WITHIN_BETWEEN);
        assertEquals(Optional.of(GroupVerdict.UNKNOWN), unknown.verdict());
        assertTrue(unknown.reason().isPresent());
        assertTrue(two.scoresCsv().contains(",references,scores,inconclusive,used,stir,"), two.scoresCsv());

        var wide = judged(results, score -> Optional.of(Gap.WIDE_INTERVAL)).groups();
        assertEquals(known, wide, "a mean has an interval of its own");
    }

    @Test
    void theBestScoreIsNotInconclusive() throws IOException {
        var results = run("out", "", "", "");
        var best = judged(results, score -> Optional.empty()).best().ofStudy().get(0);
        var other = judged(
                results, score -> fewAccepted(score, best.pair().reference().model()));
        var second = other.best().ofStudy().get(0);
        assertFalse(second.pair().reference().equals(best.pair().reference()), second.toString());
        assertEquals(6, second.scores());
        assertEquals(2, second.inconclusive());
        assertTrue(second.stir() <= best.stir());
        assertEquals(
                List.of(),
                judged(results, score -> Optional.of(Gap.NEAR_INPUTS)).best().ofStudy());
    }

    private static String group(String name) {
        return ", group: " + name;
    }

    private static GroupScore score(StudyGroups groups, String target, String reference) {
        return groups.scores().stream()
                .filter(one -> one.measure().equals("linear-cka"))
                .filter(one -> one.targetGroup().equals(target))
                .filter(one -> one.referenceGroup().equals(reference))
                .findFirst()
                .orElseThrow();
    }

    private static GroupDifference difference(StudyGroups groups, GroupDifference.Question question) {
        return groups.differences().stream()
                .filter(one -> one.measure().equals("linear-cka"))
                .filter(one -> one.question() == question)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aGroupsScoreIsTheMeanOfItsNetworksWithAnInterval() throws IOException {
        var results = judged(
                run("out", group("a"), group("a"), group("a"), group("b"), group("b"), ""), score -> Optional.empty());
        var groups = results.groups();
        assertEquals(4, groups.scores().size());
        var between = score(groups, "a", "b");
        double mean = results.scores().stream()
                .filter(one -> List.of("n1", "n2", "n3").contains(one.target().model()))
                .filter(one -> List.of("n4", "n5").contains(one.reference().model()))
                .mapToDouble(one -> one.stir("linear-cka").value().orElseThrow())
                .average()
                .orElseThrow();
        assertEquals(mean, between.stir().value().orElseThrow(), 1e-12);
        assertTrue(between.stir().interval().isPresent());
        assertEquals(Optional.empty(), between.reason());
        assertEquals(PlainBackend.HIDDEN, between.targetLayer());
        var pair = score(groups, "b", "b");
        assertTrue(pair.stir().isDefined());
        assertEquals(Optional.empty(), pair.stir().interval());
        assertEquals(Optional.of("2 networks of b: an interval needs 3"), pair.reason());
        var question = difference(groups, GroupDifference.Question.WITHIN_BETWEEN);
        assertEquals(Optional.of(GroupVerdict.UNKNOWN), question.verdict());
        assertEquals(Optional.empty(), question.difference());
        assertEquals(Optional.of("2 networks of b: an interval needs 3"), question.reason());
        var direction = difference(groups, GroupDifference.Question.DIRECTION);
        assertEquals(
                between.stir().value().orElseThrow()
                        - score(groups, "b", "a").stir().value().orElseThrow(),
                direction.difference().orElseThrow().difference(),
                1e-12);
        assertEquals(Optional.empty(), direction.verdict());
    }

    @Test
    void oneNetworkOfAGroupHasNoInterval() throws IOException {
        var groups = run("out", group("a"), group("b"), group("b"), group("b")).groups();
        assertEquals(
                Optional.of("1 network of a: an interval needs 2"),
                score(groups, "a", "b").reason());
        assertEquals(
                Optional.of("1 network of a: an interval needs 3"),
                score(groups, "a", "a").stir().undefined());
    }

    @Test
    void networksOfOnePopulationAreWithinTheSpreadOfSeeds() throws IOException {
        var all = IntStream.range(0, 8)
                .mapToObj(i -> group(i % 2 == 0 ? "a" : "b"))
                .toList();
        var groups = judged(run("out", all.toArray(String[]::new)), score -> Optional.empty())
                .groups();
        var question = difference(groups, GroupDifference.Question.WITHIN_BETWEEN);
        assertEquals(Optional.of(GroupVerdict.WITHIN_SPREAD), question.verdict());
        var difference = question.difference().orElseThrow();
        double within = (score(groups, "a", "a").stir().value().orElseThrow()
                        + score(groups, "b", "b").stir().value().orElseThrow())
                / 2;
        double between = (score(groups, "a", "b").stir().value().orElseThrow()
                        + score(groups, "b", "a").stir().value().orElseThrow())
                / 2;
        assertEquals(within - between, difference.difference(), 1e-12);
        assertTrue(difference.correctedPValue() >= 0.05);
    }

    @Test
    void groupsAreAddedToAFinishedStudyWithoutComputingAnything() throws IOException {
        run("out", "", "", "", "");
        var table = folder.resolve("out/groups.csv");
        assertFalse(Files.exists(table));
        var results = run("out", group("a"), group("a"), group("a"), group("b"));
        assertEquals(0, results.work().inversions());
        assertEquals(0, results.work().comparisons());
        assertTrue(
                Files.readString(table).startsWith("measure,search,repeat,factor,target_group,target_layer,targets,"));
        assertEquals(results.groups(), StoredStudy.open(folder.resolve("out")).groups());
        var document = Files.readString(folder.resolve("out/result.json"));
        assertTrue(document.contains("\"group_differences\""));
        run("fresh", group("a"), group("a"), group("a"), group("b"));
        for (var file : List.of("groups.csv", "group-differences.csv", "result.json")) {
            assertEquals(
                    Files.readString(folder.resolve("fresh").resolve(file)),
                    Files.readString(folder.resolve("out").resolve(file)));
        }
        run("out", "", "", "", "");
        assertFalse(Files.exists(table));
    }

    @Test
    void theBestScoreHasThePValueOfTheMaximumAlsoAfterItIsStored() throws IOException {
        var run = run("out", "", "", "");
        var results = judged(run, score -> Optional.empty());
        var best = results.best();
        assertEquals(List.of(), best.ofLayers(), "each network has one layer");
        var first = best.ofStudy().get(0);
        assertEquals(6, first.scores(), "without the scores of networks given themselves");
        assertEquals(
                results.scores().stream()
                        .filter(one -> !one.target().equals(one.reference()))
                        .mapToDouble(one -> one.stir().value().orElseThrow())
                        .max()
                        .orElseThrow(),
                first.stir());
        assertTrue(first.pValue() <= first.maximumPValue());
        var stored = StoredStudy.open(folder.resolve("out"));
        assertEquals(run.best(), BestScores.of(stored.scores(), stored.measures()));
        var rows = Table.parse(Files.readString(folder.resolve("out/results.csv")));
        int column = rows.get(0).indexOf("p_max");
        assertEquals(
                6,
                rows.stream().skip(1).filter(row -> !row.get(column).isEmpty()).count(),
                "a p-value per score of two networks");
        assertTrue(Files.readString(folder.resolve("out/result.json")).contains("\"p_max\""));
        assertFalse(Files.readString(folder.resolve("out/result.json")).contains("\"values\""));
    }

    @Test
    void severalFactorsAreComparedByTheGroupsOfBoth() throws IOException {
        var factors = IntStream.range(0, 12)
                .mapToObj(i -> ", factors: {loss: %s, width: %s, seed: s%d}"
                        .formatted(i % 2 == 0 ? "plain" : "robust", i % 4 < 2 ? "narrow" : "wide", i))
                .toArray(String[]::new);
        var results = judged(run("out", factors), score -> Optional.empty());
        var groups = results.groups();
        assertEquals(
                List.of("loss", "width"),
                groups.scores().stream().map(GroupScore::factor).distinct().toList(),
                "a factor that names networks has no statements");
        var effects = difference(groups, GroupDifference.Question.FACTOR);
        assertEquals("loss", effects.factor());
        assertEquals("width", effects.other());
        double loss = effect(groups, "loss");
        double width = effect(groups, "width");
        assertEquals(loss - width, effects.difference().orElseThrow().difference(), 1e-12);
    }

    private static double effect(StudyGroups groups, String factor) {
        return groups.differences().stream()
                .filter(one -> one.factor().equals(factor))
                .filter(one -> one.measure().equals("linear-cka"))
                .filter(one -> one.question() == GroupDifference.Question.WITHIN_BETWEEN)
                .findFirst()
                .flatMap(GroupDifference::difference)
                .orElseThrow()
                .difference();
    }
}
