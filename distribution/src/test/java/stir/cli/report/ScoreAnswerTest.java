package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Scale;
import stir.cli.report.ScoreFixture.Net;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchOption;
import stir.core.score.ClassOutcome;
import stir.core.score.Gap;
import stir.core.score.Stitching;
import stir.core.score.Verdict;
import stir.core.study.results.Comparison;
import stir.core.study.store.ScoreTable;

class ScoreAnswerTest {
    private static Net net(String name, String file, String layer) {
        return new Net(name, file, layer);
    }

    private static final Net N2 = net("n2", "nets/n2.pt", "fc1");
    private static final Net N0 = net("n0", "nets/n0.pt", "fc1");

    private static final CommandText COMMAND = new CommandText(List.of(
            "stir", "score", "n2.pt", "n0.pt", "--inputs", "x", "--limit=40", "--optimiser", "fast", "--out", "sc"));

    private static ScoreFixture fixture(String name) {
        return Objects.requireNonNull(ScoreFixture.all().get(name), name);
    }

    private static Comparison comparison(ScoreFixture aGivenB, ScoreFixture bGivenA) {
        return ScoreFixture.comparison(aGivenB, bGivenA, N2, N0);
    }

    private static String text(Comparison comparison) {
        return Emphasis.shown(new ScoreAnswer(comparison, Optional.of(Path.of("sc")), COMMAND, false).text(), false);
    }

    @Test
    void theClassesThatAreClearlySharedLessAreNamed() {
        var lower = new ClassOutcome(3, 10, 0.41, 0.62, 0.004);
        var lowToo = new ClassOutcome(7, 10, 0.4, 0.63, 0.021);
        var unclear = new ClassOutcome(4, 10, 0.38, 0.62, 0.2);
        var higher = new ClassOutcome(5, 10, 0.9, 0.58, 0.001);
        var nearlyEqual = new ClassOutcome(1, 10, 0.9993, 0.9997, 0.02);
        assertEquals(
                Optional.of("n2 shares less of class 3 (pointwise 0.41, others 0.62), 7 (pointwise 0.40,"
                        + " others 0.63), p 0.021."),
                ScoreAnswer.lessShared("n2", List.of(nearlyEqual, higher, lower, unclear, lowToo)));
        assertEquals(Optional.empty(), ScoreAnswer.lessShared("n2", List.of(nearlyEqual, higher, unclear)));
    }

    @Test
    void aHeadHasASentenceOfItsAnswersAndWithClassesOfItsAccuracy() {
        var none = OptionalDouble.empty();
        assertEquals(
                "On 20 inputs that were not fitted, n1 stitched to n2's head answers as n2 for 65 % of X and 20 % of X'.",
                ScoreAnswer.stitched("n2", "n1", new Stitching(20, 20, 0.1, 0.65, 0.2, none, none, none, none)));
        var accuracies = new Stitching(
                20,
                20,
                0.1,
                0.65,
                0.2,
                OptionalDouble.of(0.6),
                OptionalDouble.of(0.55),
                OptionalDouble.of(1),
                OptionalDouble.of(0.1));
        assertEquals(
                "On 20 inputs that were not fitted, n1 stitched to n2's head answers as n2 for 65 % of X and 20 % of X'."
                        + " Right on X and X': 60 % and 55 %; n2 100 % and 10 %.",
                ScoreAnswer.stitched("n2", "n1", accuracies));
    }

    @Test
    void theFloorIsTheMoreSimilarOneByTheMeasuresScale() {
        var values = comparison(ScoreFixture.LOW_CEILING, ScoreFixture.PARTLY)
                .aGivenB()
                .deciding();
        assertEquals(0.012, values.floor(Scale.UNIT).orElseThrow());
        assertEquals(-0.05, values.floor(Scale.distance(1)).orElseThrow());
    }

    @Test
    void aQuestionAndAnAnswerPerDirectionThenTheNumbers() {
        assertEquals("""
                n2  nets/n2.pt  layer fc1 (32)
                n0  nets/n0.pt  layer fc1 (32)
                40 inputs of 1x28x28 from digits

                How much of n2 survives what n0 ignores?  PARTLY
                How much of n0 survives what n2 ignores?  LITTLE
                  corrected interval [-0.10, 0.10], not above chance (p 0.261)
                Difference 0.34 [0.12, 0.56], p 0.004. Similarity on X 0.60 [0.44, 0.76]

                target          STIR [95 %]     shared %  floor  S(X,X')  ceiling      p
                n2        0.36 [0.19, 0.53]  90 [77, 96]   0.01     0.10     1.00  0.001
                n0      -0.02 [-0.19, 0.15]  90 [77, 96]   0.01     0.10     1.00  0.261
                  STIR: linear-cka-debiased; shared: X' that the target, too, takes for X;
                  S(X,X'): no network; linear-cka: 0.460 and 0.460, inflated with 40 inputs

                search  thorough, up to 1000 iterations; 100 % and 100 % of X' accepted;
                        residual 0.004 and 0.004
                next    stir report sc
                """, text(comparison(ScoreFixture.PARTLY, ScoreFixture.LITTLE)));
    }

    @Test
    void answersWithoutReasonsStandOnTheLinesOfTheirQuestions() {
        var text = text(comparison(ScoreFixture.PARTLY, ScoreFixture.NEARLY_ALL));
        assertTrue(text.contains("""

                        How much of n2 survives what n0 ignores?  PARTLY
                        How much of n0 survives what n2 ignores?  NEARLY ALL
                        """), text);
    }

    /** Each answer has its reason, and what would settle it is in the line of next steps. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PARTLY | PARTLY How | stir report sc",
                "LITTLE | LITTLE corrected interval [-0.10, 0.10], not above chance (p 0.261) How | stir report sc",
                "LITTLE_ABOVE_CHANCE | LITTLE corrected interval [-0.02, 0.18], above chance (p 0.005) How | stir report sc",
                "NEARLY_ALL | NEARLY ALL How | stir report sc",
                "WIDE | INCONCLUSIVE the corrected interval [-0.10, 0.50] includes both chance and 0.25 How | about 90 inputs: stir score n2.pt n0.pt --inputs x --optimiser fast --limit 90 --out sc-2",
                "WIDE_BY_P | INCONCLUSIVE p 0.26 does not exclude chance, corrected interval [0.01, 0.50] How | more inputs: stir score n2.pt n0.pt --inputs x --optimiser fast --limit 80 --out sc-2",
                "NEAR_INPUTS | INCONCLUSIVE not clearly more similar than X and X' themselves, S(X, X') 0.41 How | about 490 inputs: stir score n2.pt n0.pt --inputs x --optimiser fast --limit 490 --out sc-2",
                "BELOW_INPUTS | BELOW THE INPUTS less similar than X and X' themselves, S(X, X') 0.60 How | stir report sc",
                "FEW_ACCEPTED | INCONCLUSIVE only 25 of 40 searches found an accepted input, 90 % are needed How | a longer search: stir score n2.pt n0.pt --inputs x --limit=40 --optimiser fast --iterations 4000 --out sc-2",
                "LOW_THRESHOLD | INCONCLUSIVE only 25 of 40 searches found an accepted input, 90 % are needed How | a tolerance of 0.0025: stir score n2.pt n0.pt --inputs x --limit=40 --optimiser fast --tolerance 0.0025 --out sc-2",
                "LOW_CEILING | INCONCLUSIVE the ceiling is not clearly above the floor How | a longer search and more inputs: stir score n2.pt n0.pt --inputs x --optimiser fast --iterations 4000 --limit 80 --out sc-2",
                "UNDEFINED | INCONCLUSIVE STIR is undefined (It has no value.) How | another measure: stir measures",
                "NOTHING_TO_IGNORE | NOTHING TO IGNORE X' lies within 2 % of X How | a later layer (--layer-b), of: stir layers nets/n0.pt"
            })
    void theAnswerFollowsFromTheVerdict(String name, String answer, String next) {
        var text = text(comparison(fixture(name), ScoreFixture.PARTLY)).replaceAll("[\\\\\\s]+", " ");
        assertTrue(text.contains("How much of n2 survives what n0 ignores? " + answer), text);
        assertTrue(text.endsWith(" next " + next + " "), text);
    }

    /** More inputs than there are cannot be advised as a command. */
    @Test
    void noMoreInputsAreAdvisedThanThereAre() {
        var few = text(comparison(fixture("NEAR_INPUTS").inputs(0.403), ScoreFixture.PARTLY));
        assertTrue(few.contains("next    about 660 inputs (there are 500):\n"), few);
        assertTrue(few.replaceAll("[\\\\\\s]+", " ").contains(" --limit 500 --out "), few);
    }

    @Test
    void everyVerdictIsTried() {
        assertEquals(
                EnumSet.allOf(Verdict.class),
                ScoreFixture.all().values().stream()
                        .map(fixture -> comparison(fixture, ScoreFixture.PARTLY))
                        .map(comparison -> comparison.aGivenB().verdict().word())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Verdict.class))));
        assertEquals(
                EnumSet.allOf(Gap.class),
                ScoreFixture.all().values().stream()
                        .map(fixture -> comparison(fixture, ScoreFixture.PARTLY))
                        .flatMap(comparison -> comparison.aGivenB().verdict().gap().stream())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Gap.class))));
    }

    @Test
    void aDifferenceIsStatedWhereBothAnswersAreKnown() {
        var unknown = comparison(ScoreFixture.FEW_ACCEPTED, ScoreFixture.PARTLY);
        assertFalse(text(unknown).contains("Difference"));
        assertTrue(text(unknown).contains("next    a longer search:\n"), text(unknown));
        var below = comparison(ScoreFixture.BELOW_INPUTS, ScoreFixture.PARTLY);
        assertTrue(text(below).contains("Difference 0.34 [0.12, 0.56], p 0.004."), text(below));
    }

    @Test
    void aSmallerToleranceIsSuggestedWhereTheThresholdIsNotAboveIt() {
        var both = comparison(ScoreFixture.LOW_THRESHOLD, ScoreFixture.PARTLY);
        assertTrue(text(both).contains(" --tolerance 0.0025 "), text(both));
        var one = comparison(ScoreFixture.LOW_THRESHOLD, ScoreFixture.FEW_ACCEPTED);
        assertTrue(text(one).contains("next    a tolerance of 0.0025 and a longer search:\n"), text(one));
    }

    /** Of two numbers of inputs or tolerances, the one that settles both answers stands there. */
    @Test
    void theNextStepsSettleBothAnswers() {
        var inputs = text(comparison(ScoreFixture.WIDE, ScoreFixture.NEAR_INPUTS));
        assertTrue(inputs.contains(" --limit 490 "), inputs);
        var known = text(comparison(ScoreFixture.WIDE_BY_P, ScoreFixture.WIDE));
        assertTrue(known.contains(" --limit 90 "), known);
        var tolerances = text(comparison(ScoreFixture.LOW_THRESHOLD, ScoreFixture.LOW_THRESHOLD.threshold(0.00205)));
        assertTrue(tolerances.contains(" --tolerance 0.0020 "), tolerances);
        var layers = text(comparison(ScoreFixture.NOTHING_TO_IGNORE, ScoreFixture.NOTHING_TO_IGNORE));
        assertTrue(
                layers.contains("next    a later layer (--layer-b), of:\n          stir layers nets/n0.pt\n"), layers);
        assertTrue(
                layers.contains("        a later layer (--layer-a), of:\n          stir layers nets/n2.pt\n"), layers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PARTLY | SEED | uniform | a score to report: stir score n2.pt n0.pt --inputs x --limit=40 --optimizer thorough --out sc-2 ",
                "PARTLY | NORM | 1 | stir report sc",
                "PARTLY | TERM | tv:0.1 | stir report sc ",
                "FEW_ACCEPTED | SEED | uniform | a longer search: stir score n2.pt n0.pt --inputs x --limit=40 --optimizer thorough --out sc-2 ",
                "FEW_ACCEPTED | NORM | 1 | a longer search: stir score n2.pt n0.pt --inputs x --limit=40 --optimiser fast --iterations 4000 ",
                "FEW_ACCEPTED | OPTIMIZER | nearest | more --candidates ",
                "PARTLY | OPTIMIZER | nearest | stir report sc "
            })
    void thoroughIsSuggestedWhereItGoesWithTheOtherSettings(
            String name, SearchOption option, String value, String next) {
        var search = InversionSettings.PUBLISHED.with(option, value);
        var text = text(ScoreFixture.comparison(fixture(name), ScoreFixture.PARTLY, N2, N0, search));
        assertTrue(text.replaceAll("[\\\\\\s]+", " ").contains(" next " + next.strip() + " "), text);
    }

    @Test
    void aLaterLayerIsSuggestedForTheNetworkThatIgnoresNothing() {
        var first = text(comparison(ScoreFixture.NOTHING_TO_IGNORE, ScoreFixture.PARTLY));
        assertTrue(first.contains("next    a later layer (--layer-b), of:"), first);
        var second = text(comparison(ScoreFixture.PARTLY, ScoreFixture.NOTHING_TO_IGNORE));
        assertTrue(second.contains("next    a later layer (--layer-a), of:"), second);
    }

    @Test
    void theQualityOfTheSearchIsShownWhereItDecidesOrIsAskedFor() {
        var known = comparison(ScoreFixture.PARTLY, ScoreFixture.LITTLE);
        assertFalse(text(known).contains("converged  accepted"), text(known));
        var unknown = comparison(ScoreFixture.PARTLY, ScoreFixture.WIDE);
        assertTrue(text(unknown).contains("converged  accepted"), text(unknown));
        var detailed = new ScoreAnswer(known, Optional.empty(), COMMAND, true).text();
        assertTrue(detailed.contains("converged  accepted"), detailed);
    }

    @Test
    void aVerdictIsMarkedForTheTerminal() {
        var answer = new ScoreAnswer(
                        comparison(ScoreFixture.PARTLY, ScoreFixture.WIDE), Optional.empty(), COMMAND, false)
                .text();
        var coloured = Emphasis.shown(answer, true);
        assertTrue(coloured.contains("\u001b[1mPARTLY\u001b[0m\n"), coloured);
        assertTrue(coloured.contains("\u001b[1;33mINCONCLUSIVE\u001b[0m\n"), coloured);
        assertFalse(Emphasis.shown(answer, false).matches("(?s).*[\u001b\uFDD0-\uFDD2].*"));
    }

    /** What a shell reads from the printed lines is the command. */
    @Test
    void aLongCommandIsDividedAsShellsJoinIt() {
        var words = new ArrayList<>(List.of("stir", "score", "it's a net.pt"));
        for (int i = 0; i < 12; i++) {
            words.add("--option-%d=value".formatted(i));
        }
        var lines = new CommandText(words).lines("          ");
        assertTrue(lines.lines().allMatch(line -> line.length() <= 80), lines);
        assertTrue(lines.lines().count() > 2, lines);
        assertEquals(
                new CommandText(words).line(),
                lines.replaceAll("\\\\\n", "").replaceAll(" +", " ").strip());
    }

    @Test
    void everyAnswerFitsATerminalOfEightyColumns() {
        var long1 =
                "/data/very/long/paths/to/checkpoints/of/an/experiment/run-17/wide-resnet-50-2-robust-linf-4.script.pt";
        var long2 =
                "/data/very/long/paths/to/checkpoints/of/an/experiment/run-18/wide-resnet-50-2-robust-l2-3.script.pt";
        var pairs = List.of(
                List.of(N0, N2),
                List.of(net("one-resnet18", "one/resnet18.pt", "fc1"), net("two-resnet18", "two/resnet18.pt", "fc1")),
                List.of(
                        net("mobilenet_v2", "nets/mobilenet_v2.onnx", "fc1"),
                        net("efficientnet_lite0", "nets/efficientnet_lite0.onnx", "fc1")),
                List.of(
                        net("wide-resnet-50-2-robust-linf-4", long1, "fc1"),
                        net("wide-resnet-50-2-robust-l2-3", long2, "fc1")));
        for (var fixture : ScoreFixture.all().values()) {
            for (var other : ScoreFixture.all().values()) {
                for (var pair : pairs) {
                    var a = pair.get(0);
                    var b = pair.get(1);
                    assertFits(text(ScoreFixture.comparison(fixture, other, a, b)), 26);
                    var layers = ScoreFixture.comparison(
                            fixture,
                            other,
                            net(a.name(), a.file(), "features.denseblock4.denselayer16.conv2"),
                            net(b.name(), b.file(), "_blocks.37.project_conv.static_padding.output@in"));
                    assertFits(text(layers), 28);
                }
            }
        }
    }

    private static void assertFits(String text, int lines) {
        assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
        assertTrue(text.lines().count() <= lines, text);
    }

    @Test
    void longNamesAreShortenedInTheMiddle() {
        var text = text(ScoreFixture.comparison(
                ScoreFixture.PARTLY, ScoreFixture.PARTLY, net("wide-resnet-50-2-robust-linf4", "w.pt", "fc1"), N0));
        assertTrue(text.contains("How much of wide-resn..ust-linf4 survives what n0 ignores?"), text);
    }

    @Test
    void theCautionThatTheTableContainsIsNotRepeated() {
        var comparison = comparison(ScoreFixture.PARTLY, ScoreFixture.PARTLY);
        assertEquals(List.of(ScoreFixture.inflated()), comparison.cautions());
        assertEquals(List.of(), new ScoreAnswer(comparison, Optional.empty(), COMMAND, false).cautions());
    }

    @Test
    void aTableForAPaperHasItsCaptionLabelAndNotes() {
        var comparison = ScoreFixture.comparison(
                ScoreFixture.PARTLY,
                ScoreFixture.LITTLE,
                net("n_2", "nets/n_2.pt", "fc1"),
                net("n_0", "nets/n_0.pt", "fc1"));
        var table = new ScorePaper(comparison).table();
        var latex = table.latex();
        for (var part : List.of(
                "\\caption{STIR(target $|$ reference) of n\\_2 (layer fc1) and n\\_0",
                "\\label{tab:stir-n-2-n-0}",
                "\\begin{tabular}{lllrrrrrrrr}",
                "linear-cka-debiased & n\\_0 & n\\_2 & $-$0.02 & [$-$0.19, 0.15] & 90 \\% & 0.01 & 0.10 & 1.00 & 0.261 & 0.60 \\\\",
                "linear-cka & n\\_2 & n\\_0 & 0.46 & [0.40, 0.52] & 90 \\% & 0.01 & - & 1.00 & - & 0.46 \\\\",
                "& S(X,X') & ceiling & p & similarity \\\\",
                "& 95 \\% interval & shared metamers & floor &",
                "40 inputs; intervals of 95 \\%",
                "p: of a STIR as similar if each X' belonged to another input; S(X,X'): similarity of the inputs themselves.",
                "Search: thorough, up to 1000 iterations; at n\\_0 residual 0.004, 100 \\% converged, 100 \\% accepted, moved 0.00, X' from X 0.80; at n\\_2",
                "By linear-cka-debiased: how much of n\\_2 survives what n\\_0 ignores: PARTLY; how much of n\\_0 survives what n\\_2 ignores: LITTLE: corrected")) {
            assertTrue(latex.contains(part), part + "\n" + latex);
        }
        assertBalanced(latex);
        assertTrue(
                table.markdown()
                        .contains(
                                "| linear-cka-debiased | n_2 | n_0 | 0.36 | [0.19, 0.53] | 90 % | 0.01 | 0.10 | 1.00 | 0.001 | 0.60 |"),
                table.markdown());
    }

    @Test
    void aTableForAPaperStatesWhyAnAnswerIsInconclusive() {
        var comparison = comparison(ScoreFixture.FEW_ACCEPTED, ScoreFixture.LITTLE);
        var markdown = new ScorePaper(comparison).table().markdown();
        for (var part : List.of(
                "how much of n2 survives what n0 ignores: INCONCLUSIVE: only 25 of 40 searches found an accepted input, 90 % are needed;",
                "at n0 residual 0.079, 63 % converged, 63 % accepted",
                "how much of n0 survives what n2 ignores: LITTLE: corrected interval [-0.10, 0.10], not above chance (p 0.261).")) {
            assertTrue(markdown.contains(part), markdown);
        }
    }

    /** The details have the columns of every table, a row each. */
    @Test
    void detailsHaveAllValuesAndTheReason() {
        var comparison = comparison(ScoreFixture.FEW_ACCEPTED, ScoreFixture.PARTLY);
        var text = ScoreDetails.of(comparison.aGivenB(), comparison.results());
        assertFits(text, 60);
        for (var line : List.of(
                "STIR(n2:fc1 | n0:fc1), search thorough, repeat 1",
                "  measure             linear-cka      linear-cka-debiased",
                "  stir                0.4600          0.3610",
                "  low                 0.4000          0.1910",
                "  p                   -               0.0010",
                "  floor               0.0120          0.0120",
                "  similarity          0.4600          0.6000",
                "  input_similarity    -               0.1000",
                "  accepted            0.6250          0.6250")) {
            var lines = text.lines().map(one -> one.replaceAll(" +", " ")).toList();
            assertTrue(lines.contains(line.replaceAll(" +", " ")), line + "\n" + text);
        }
        var names = ScoreTable.of(List.of(comparison.aGivenB()), List.of(), comparison.scales())
                .names();
        for (var name : names.subList(names.indexOf("measure"), names.size())) {
            assertTrue(name.equals("reason") || text.contains("\n  " + name + " "), name);
        }
        assertTrue(text.contains("\n  linear-cka-debiased: only 25 of 40 searches found an"), text);
    }

    /** Checks what LaTeX would refuse first: braces, environments, and signs with a meaning. */
    static void assertBalanced(String latex) {
        Function<String, Integer> count = part -> latex.split(Pattern.quote(part), -1).length - 1;
        var plain = latex.replaceAll("\\\\[{}]", "");
        assertEquals(
                Collections.frequency(plain.chars().mapToObj(c -> (char) c).toList(), '{'),
                Collections.frequency(plain.chars().mapToObj(c -> (char) c).toList(), '}'));
        for (var environment : List.of("table", "tabular")) {
            assertEquals(1, count.apply("\\begin{%s}".formatted(environment)));
            assertEquals(1, count.apply("\\end{%s}".formatted(environment)));
        }
        assertEquals(0, count.apply("$") % 2);
        var rows = latex.substring(latex.indexOf("\\midrule"), latex.indexOf("\\bottomrule"));
        int columns =
                latex.replaceAll("(?s).*begin\\{tabular}\\{([lr]+)}.*", "$1").length();
        rows.lines()
                .filter(line -> line.endsWith("\\\\"))
                .forEach(line -> assertEquals(columns, line.split("(?<!\\\\)&", -1).length, line));
        assertFalse(rows.matches("(?s).*[^\\\\][_#%].*"), rows);
    }
}
