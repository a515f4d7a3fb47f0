package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.cli.report.ScoreFixture.BELOW_INPUTS;
import static stir.cli.report.ScoreFixture.FEW_ACCEPTED;
import static stir.cli.report.ScoreFixture.LITTLE;
import static stir.cli.report.ScoreFixture.LOW_CEILING;
import static stir.cli.report.ScoreFixture.NEARLY_ALL;
import static stir.cli.report.ScoreFixture.NEAR_INPUTS;
import static stir.cli.report.ScoreFixture.NOTHING_TO_IGNORE;
import static stir.cli.report.ScoreFixture.PARTLY;
import static stir.cli.report.ScoreFixture.UNDEFINED;
import static stir.cli.report.ScoreFixture.WIDE;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import stir.api.Norm;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.study.results.GroupDifference;
import stir.core.study.results.GroupScore;
import stir.core.study.results.GroupVerdict;
import stir.core.study.results.ScoreCounts;
import stir.core.study.results.StudyGroups;

/** The printed matrix of a study whose scores have all verdicts. */
class StudyAnswerTest {
    private static final CommandText COMMAND =
            CommandText.of("stir", "matrix", "study.yaml", "--limit=40", "--out", "out");

    private static StudyReport report(List<List<ScoreFixture>> cells) {
        return new StudyReport(ScoreFixture.study(cells), Path.of("out"), Optional.of(COMMAND), List.of(), false);
    }

    private static String text(List<List<ScoreFixture>> cells) {
        return Emphasis.shown(report(cells).text(), false);
    }

    private static final List<List<ScoreFixture>> CELLS = List.of(
            List.of(NEARLY_ALL, PARTLY, WIDE, NOTHING_TO_IGNORE),
            List.of(LITTLE, NEARLY_ALL, BELOW_INPUTS, NOTHING_TO_IGNORE),
            List.of(NEAR_INPUTS, FEW_ACCEPTED, NEARLY_ALL, NOTHING_TO_IGNORE),
            List.of(WIDE, WIDE, UNDEFINED, NOTHING_TO_IGNORE));

    @Test
    void everyVerdictHasItsMarkAndTheLegendItsMeaning() {
        var text = text(CELLS);
        assertTrue(text.startsWith("""
                        STIR(row | column) by linear-cka-debiased at fc1; 40 inputs, search thorough, up
                        to 1000 iterations; = nothing to ignore; ? inconclusive; ~ little; ! below the
                        inputs
                              n0    n1    n2    n3
                        n0   .97   .36     ?     =
                        n1 ~-.02   .97  !.36     =
                        n2     ?     ?   .97     =
                        n3     ?     ?     ?     =
                        """), text);
    }

    @Test
    void statementsAboutGroupsNameTheirAnswerOrTheReason() {
        var lines = new GroupLines(new StudyGrid(ScoreFixture.study(CELLS), List.of()))
                .text(new StudyGroups(
                        List.of(
                                group("vgg", Estimate.of(0.9, INTERVAL), ""),
                                group("one", Estimate.of(0.4), "1 network of one")),
                        List.of(
                                difference(GroupDifference.Question.WITHIN_BETWEEN, Optional.of(CLEAR), ""),
                                difference(GroupDifference.Question.DIRECTION, Optional.empty(), "1 network of one"))));
        assertEquals("""
                STIR of groups by kind, with intervals over networks and inputs:
                  vgg | vgg  0.90  [0.80, 0.95]  6 of 12 scores, 4 inconclusive
                  vgg | one  0.40                1 network of one
                within vgg and one, minus between: 0.30 [0.20, 0.40], p 0.012: more than seeds
                                                   differ
                vgg | one, minus one | vgg: not known: 1 network of one
                """, lines);
    }

    private static final Optional<Interval> INTERVAL = Optional.of(new Interval(0.8, 0.95, Estimate.LEVEL));
    private static final Difference CLEAR =
            new Difference(0.3, new Interval(0.2, 0.4, Estimate.LEVEL), 0.004, 0.012, true);

    private static GroupScore group(String reference, Estimate stir, String reason) {
        var known = Optional.of(reason).filter(text -> !text.isEmpty());
        return new GroupScore(
                "linear-cka-debiased",
                "thorough",
                1,
                "kind",
                "vgg",
                "fc1",
                4,
                reference,
                "fc1",
                1,
                counts(known),
                stir,
                known);
    }

    private static ScoreCounts counts(Optional<String> reason) {
        return reason.isEmpty() ? new ScoreCounts(12, 4, 6) : new ScoreCounts(4, 0, 4);
    }

    private static GroupDifference difference(
            GroupDifference.Question question, Optional<Difference> difference, String reason) {
        return new GroupDifference(
                question,
                "linear-cka-debiased",
                "thorough",
                1,
                "kind",
                "vgg",
                "one",
                "fc1",
                "fc1",
                new ScoreCounts(12, 0, 12),
                difference,
                difference.map(unused -> GroupVerdict.MORE_THAN_SEEDS),
                Optional.of(reason).filter(text -> !text.isEmpty()));
    }

    /** Twelve networks with marks and signs, whose cells take most of a line. */
    @Test
    void cellsOfManyNetworksNeverTouch() {
        for (int count : new int[] {2, 6, 12, 16}) {
            var cells = IntStream.range(0, count)
                    .mapToObj(i -> Collections.nCopies(count, LITTLE))
                    .toList();
            var lines = text(cells).lines().filter(line -> line.contains("~-")).toList();
            long values = 0;
            for (var line : lines) {
                assertTrue(line.length() <= 80, line);
                var row = line.strip().split(" +", -1);
                values += Stream.of(row).filter("~-.02"::equals).count();
                assertEquals(
                        line.split("~", -1).length - 1,
                        Stream.of(row).filter("~-.02"::equals).count(),
                        line);
            }
            assertEquals((long) count * count, values);
        }
    }

    /** Marks alone are narrower than the numbers of thirty columns. */
    @Test
    void headsOfMarksAloneNeverTouch() {
        var cells = IntStream.range(0, 30)
                .mapToObj(i -> Collections.nCopies(30, FEW_ACCEPTED))
                .toList();
        var lines = text(cells).lines().toList();
        var heads = lines.stream()
                .filter(line -> line.matches("[ 0-9]+"))
                .map(String::strip)
                .collect(Collectors.joining(" "));
        assertEquals(
                IntStream.rangeClosed(1, 30).mapToObj(Integer::toString).collect(Collectors.joining(" ")),
                heads.replaceAll(" +", " "));
        assertTrue(lines.stream().allMatch(line -> line.length() <= 80), text(cells));
    }

    /** The scores of networks by themselves are not among those that are counted. */
    @Test
    void inconclusiveScoresAreCountedByTheirReasonsWithWhatTheyNeed() {
        var text = text(CELLS);
        assertTrue(text.contains("""
                        n3     ?     ?     ?     =
                        ? inconclusive: 6 of 12 scores of different networks (values: --details)
                          3: the interval includes both chance and 0.25 (needs about 90 inputs)
                          1: a value or an interval is undefined (needs another measure)
                          1: too few searches found an accepted input (needs a longer search)
                          1: not clearly more similar than X and X' themselves, S(X, X') (needs about
                             490 inputs)
                        ! below the inputs: less similar than X and X' themselves, S(X, X')
                        few accepted: fc1 of n1
                        """), text);
        assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
        var ofItself = text(List.of(List.of(WIDE, PARTLY), List.of(NEARLY_ALL, PARTLY)));
        assertFalse(ofItself.contains("inconclusive:"), ofItself);
        assertTrue(ofItself.contains("; ? inconclusive\n"), ofItself);
    }

    @Test
    void clearDifferencesAreListedWithTheNumberOfPairsThatAreLeftOut() {
        var text = text(CELLS);
        assertTrue(text.contains("""
                        largest differences STIR(t | m) - STIR(m | t), p corrected for 3 pairs; 2 with ?
                        left out:
                          n0 | n1  0.38  [0.19, 0.57]  p 0.001
                        """), text);
        var known = text(List.of(List.of(NEARLY_ALL, PARTLY), List.of(LITTLE, NEARLY_ALL)));
        assertTrue(known.contains(", p corrected for 1 pair:\n  n0 | n1  0.38  "), known);
        assertFalse(known.contains("left out"), known);
    }

    @Test
    void differencesThatMayBeChanceAreNotListed() {
        var unclear = text(List.of(List.of(NEARLY_ALL, PARTLY), List.of(PARTLY, NEARLY_ALL)));
        assertTrue(unclear.contains("\ndifferences between directions: none of 1 pair is clear\n"), unclear);
        var unknown = text(List.of(List.of(NEARLY_ALL, WIDE), List.of(PARTLY, NEARLY_ALL)));
        assertTrue(
                unknown.replaceAll("\\s+", " ")
                        .contains(
                                " differences between directions: none, because no pair has two conclusive verdicts "),
                unknown);
    }

    /** Pairs that are given are not searched, so that no setting of a search would help. */
    @Test
    void givenPairsAreNotSearchedLonger() {
        var pairs = new NearestNeighbour(Norm.L2, Optional.of(Path.of("x.npy")), true);
        var cells = List.of(List.of(NEARLY_ALL, FEW_ACCEPTED), List.of(FEW_ACCEPTED, NEARLY_ALL));
        var study = ScoreFixture.study(cells, InversionSettings.of(pairs));
        var text = Emphasis.shown(
                new StudyReport(study, Path.of("out"), Optional.of(COMMAND), List.of(), false).text(), false);
        assertTrue(text.contains("(needs pairs with smaller\n     residuals)"), text);
        assertTrue(text.endsWith("""
                        next    pairs with smaller residuals
                                stir report out
                        """), text);
    }

    /** The next command has what the reasons need, as far as there are inputs. */
    @Test
    void theNextCommandHasTheAdvisedInputs() {
        assertTrue(text(CELLS).endsWith("""
                                next    about 490 inputs and a longer search (`search: {iterations: 4000}` in
                                        the experiment file):
                                          stir matrix study.yaml --limit 490 --out out-2
                                        stir report out
                                """), text(CELLS));
        var few = List.of(List.of(NEARLY_ALL, WIDE), List.of(PARTLY, NEARLY_ALL));
        assertTrue(text(few).endsWith("""
                                next    about 90 inputs:
                                          stir matrix study.yaml --limit 90 --out out-2
                                        stir report out
                                """), text(few));
        var tooFew = List.of(List.of(NEARLY_ALL, NEAR_INPUTS.inputs(0.403)), few.get(1));
        assertTrue(
                text(tooFew)
                        .endsWith(
                                "\nnext    about 660 inputs (there are 500):\n          stir matrix study.yaml --limit 500 --out out-2\n        stir report out\n"),
                text(tooFew));
        var settled = List.of(List.of(NEARLY_ALL, PARTLY), List.of(PARTLY, NEARLY_ALL));
        assertTrue(text(settled).endsWith("\nnext    stir report out\n"), text(settled));
    }

    @Test
    void unknownAnswersAreMarkedForTheTerminal() {
        var coloured = Emphasis.shown(report(CELLS).text(), true);
        assertTrue(coloured.contains("\nn2     \u001b[1;33m?\u001b[0m "), coloured);
    }

    @Test
    void layersWhoseSearchesDecideNothingAreNamed() {
        var text = text(CELLS);
        assertTrue(text.contains("\nfew accepted: fc1 of n1\n"), text);
        assertTrue(text.contains("\nnothing to ignore: fc1 of n3\n"), text);
    }

    @Test
    void aStudyWithKnownAnswersHasNoLineOfReasons() {
        var text = text(List.of(List.of(NEARLY_ALL, PARTLY), List.of(LITTLE, NEARLY_ALL)));
        assertFalse(text.contains("inconclusive"), text);
        assertTrue(text.contains("; ~ little\n"), text);
    }

    @Test
    void tablesForPapersExplainTheirMarks() {
        var latex = report(CELLS).latex();
        assertTrue(
                latex.contains(
                        "Marks: = nothing to ignore; ? inconclusive; \\textasciitilde{} little; ! below the inputs."),
                latex);
        assertTrue(latex.contains("0.97 & !0.36 & = \\\\"), latex);
        var markdown = report(CELLS).markdown();
        assertTrue(markdown.contains("| n1 | ~-0.02 | 0.97 | !0.36 | = |\n"), markdown);
        assertTrue(markdown.contains("Marks: = nothing to ignore; ? inconclusive; \\~ little; ! below"), markdown);
    }

    @Test
    void detailsHaveAHeadingPerScore() {
        var results = ScoreFixture.study(List.of(List.of(NEARLY_ALL, LOW_CEILING), List.of(PARTLY, NEARLY_ALL)));
        var text = new StudyReport(results, Path.of("out"), Optional.empty(), List.of(), true).text();
        assertEquals(4, text.lines().filter(line -> line.startsWith("STIR(n")).count(), text);
        assertTrue(text.contains("\n  linear-cka-debiased: the ceiling is not clearly above the floor\n"), text);
    }
}
