package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import stir.api.Batch;
import stir.api.Caution;
import stir.api.Scale;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Quantiles;
import stir.core.network.NetworkSummary;
import stir.core.score.Acceptance;
import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.score.InputOutcomes;
import stir.core.score.ScoreSettings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

class ScoreAnswerTest {
    private static final int INPUTS = 40;
    private static final String DEBIASED = "linear-cka-debiased";

    /** The numbers of a direction, by which all verdicts can be had. */
    private enum Numbers {
        PARTLY(0.361, 0.15, 0.001, 1, 0.8, 40),
        CHANCE(-0.019, -0.1, 0.261, 1, 0.8, 40),
        CHANCE_WITH_SMALL_P(0.11, -0.02, 0.005, 1, 0.8, 40),
        NEARLY_ALL(0.972, 0.93, 0.001, 1, 0.8, 40),
        NEAR_INPUTS(0.361, 0.15, 0.001, 1, 0.3, 40),
        FEW_ACCEPTED(0.361, 0.15, 0.001, 1, 0.8, 25),
        LOW_THRESHOLD(0.361, 0.15, 0.001, 1, 0.8, 25),
        LOW_CEILING(0.061, Double.NaN, 0.001, 0.07, 0.8, 40),
        NOTHING_TO_IGNORE(0.999, 0.93, 0.001, 1, 0.0004, 40),
        UNDEFINED(Double.NaN, Double.NaN, 0.001, 1, 0.8, 40);

        private final double stir;
        private final double correctedLow;
        private final double p;
        private final double ceiling;
        private final double distance;
        private final int accepted;

        Numbers(
                double stir,
                double correctedLow,
                double p,
                double ceiling,
                double distance,
                int accepted) {
            this.stir = stir;
            this.correctedLow = correctedLow;
            this.p = p;
            this.ceiling = ceiling;
            this.distance = distance;
            this.accepted = accepted;
        }

        private DirectedScore score() {
            var value =
                    Double.isNaN(stir)
                            ? Estimate.undefined("It has no value.")
                            : estimate(stir, stir - 0.17);
            var corrected =
                    Double.isNaN(correctedLow)
                            ? Estimate.undefined("It is not above the floor.")
                            : estimate(correctedLow + 0.1, correctedLow);
            return new DirectedScore(
                    ofBoth(value),
                    ofBoth(estimate(ceiling, ceiling - 0.01)),
                    ofBoth(estimate(-0.05, -0.1)),
                    ofBoth(estimate(0.012, -0.1)),
                    Map.of(DEBIASED, Estimate.of(this == NEAR_INPUTS ? 0.41 : 0.1)),
                    Map.of(DEBIASED, new PermutationFloor(0.012, 0.03, p, 1000)),
                    ofBoth(corrected),
                    Optional.empty(),
                    Map.of(),
                    new InputOutcomes(List.of(), Optional.empty()),
                    inversion(),
                    Optional.of(acceptance()),
                    List.of());
        }

        private Inversion inversion() {
            var row = new Inversion.Row(0.0042, 0, 0, 0, 0, distance);
            return new Inversion(
                    Inputs.of(Batch.allocate(INPUTS, Shape.of(1))),
                    Collections.nCopies(INPUTS, row),
                    List.of(),
                    false);
        }

        private Acceptance acceptance() {
            var outcomes = new ArrayList<Acceptance.Outcome>();
            for (int i = 0; i < INPUTS; i++) {
                outcomes.add(
                        new Acceptance.Outcome(
                                i < accepted,
                                OptionalDouble.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty()));
            }
            double smallest = this == LOW_THRESHOLD ? 0.00518 : 0.31;
            var distances = Quantiles.of(new double[] {smallest, 0.7, 1}).orElseThrow();
            return new Acceptance(
                    new Acceptance.DifferentInputs(
                            INPUTS, 1560, distances, Optional.empty(), Optional.empty()),
                    smallest / 2,
                    Optional.empty(),
                    outcomes);
        }
    }

    private static Map<String, Estimate> ofBoth(Estimate debiased) {
        return Map.of(DEBIASED, debiased, "linear-cka", estimate(0.46, 0.4));
    }

    private static Estimate estimate(double value, double low) {
        return Estimate.of(value, Optional.of(new Interval(low, 2 * value - low, Estimate.LEVEL)));
    }

    private static final Caution INFLATED =
            Caution.of("biased-by-width", Map.of("inputs", INPUTS, "features", 128L))
                    .about("linear-cka");

    private static Comparison comparison(
            Numbers aGivenB, Numbers bGivenA, String fileOfA, String fileOfB, String... layers) {
        var search = InversionSettings.of(Optimizer.THOROUGH.method());
        return comparison(aGivenB, bGivenA, search, fileOfA, fileOfB, layers);
    }

    private static Comparison comparison(
            Numbers aGivenB,
            Numbers bGivenA,
            InversionSettings search,
            String fileOfA,
            String fileOfB,
            String... layers) {
        var difference =
                new Difference(
                        0.342, new Interval(0.12, 0.56, Estimate.LEVEL), 0.0042, 0.0042, true);
        return new Comparison(
                network(fileOfA, layers[0]),
                network(fileOfB, layers[layers.length - 1]),
                "digits",
                INPUTS,
                Shape.of(1, 28, 28),
                ofBoth(estimate(0.6, 0.44)),
                aGivenB.score(),
                bGivenA.score(),
                Map.of(DEBIASED, difference),
                List.of(INFLATED),
                Map.of(DEBIASED, Scale.UNIT, "linear-cka", Scale.UNIT),
                ScoreSettings.REFERENCE.withInversion(search),
                Map.of());
    }

    private static NetworkSummary network(String file, String layer) {
        return new NetworkSummary(file, "", "djl", layer, Shape.of(32), Shape.of(1, 28, 28));
    }

    private static String text(Comparison comparison) {
        var names = NetworkNames.of(comparison.a(), comparison.b());
        return new ScoreAnswer(comparison, names, Optional.of(Path.of("sc"))).text();
    }

    @Test
    void theFloorIsTheMoreSimilarOneByTheMeasuresScale() {
        var score = new MeasuredScore(Numbers.LOW_CEILING.score(), DEBIASED);
        assertEquals(0.012, score.floor(Scale.UNIT).orElseThrow());
        assertEquals(-0.05, score.floor(Scale.distance(1)).orElseThrow());
    }

    @Test
    void aQuestionAndAnAnswerPerDirectionThenTheNumbers() {
        assertEquals(
                """
                n2  nets/n2.pt  layer fc1 (32)
                n0  nets/n0.pt  layer fc1 (32)
                40 inputs of 1x28x28 from digits

                Does n2 ignore what n0 ignores?  PARTLY               STIR 0.36 [0.19, 0.53]
                Does n0 ignore what n2 ignores?  NO MORE THAN CHANCE  STIR -0.02 [-0.19, 0.15]
                Difference 0.34 [0.12, 0.56], p 0.004. Plain similarity 0.60 [0.44, 0.76]

                target    STIR  95 % interval  floor  S(X,X')  ceiling      p  published
                n2       0.361   [0.19, 0.53]   0.01     0.10     1.00  0.001      0.460
                n0      -0.019  [-0.19, 0.15]   0.01     0.10     1.00  0.261      0.460
                  STIR: linear-cka-debiased; published: linear-cka, inflated with 40 inputs

                reference  <=0.005  accepted  different  residual  X' from X  moved
                n0           100 %     100 %      0.310     0.004       0.80   0.00
                n2           100 %     100 %      0.310     0.004       0.80   0.00
                search  thorough, up to 1000 iterations; accepted: below half of `different`
                next    stir report sc; --details
                """,
                text(
                        comparison(
                                Numbers.PARTLY,
                                Numbers.CHANCE,
                                "nets/n2.pt",
                                "nets/n0.pt",
                                "fc1")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PARTLY | PARTLY",
                "CHANCE | NO MORE THAN CHANCE",
                "CHANCE_WITH_SMALL_P | NO MORE THAN CHANCE: corrected interval from -0.02 (STIR 0.11 [-0.06, 0.28])",
                "NEARLY_ALL | NEARLY ALL",
                "NEAR_INPUTS | NOT KNOWN: not clearly above S(X, X'), 0.41 (STIR 0.36 [0.19, 0.53])",
                "FEW_ACCEPTED | NOT KNOWN: 25 of 40 invariant inputs were accepted (STIR 0.36 [0.19, 0.53])",
                "LOW_CEILING | NOT KNOWN: ceiling not clearly above the floor (STIR 0.06 [-0.11, 0.23])",
                "UNDEFINED | NOT KNOWN: a value or interval is missing (STIR -)",
                "NOTHING_TO_IGNORE | NOTHING TO IGNORE: X' lies within 2 % of X (STIR 1.00 [0.83, 1.17])"
            })
    void theAnswerFollowsFromTheVerdict(Numbers numbers, String answer) {
        var text =
                text(comparison(numbers, Numbers.PARTLY, "nets/n2.pt", "nets/n0.pt", "fc1"))
                        .replaceAll("\\s+", " ");
        assertTrue(text.contains("Does n2 ignore what n0 ignores? " + answer), text);
    }

    @Test
    void aDifferenceIsStatedWhereBothAnswersAreKnown() {
        var unknown = comparison(Numbers.FEW_ACCEPTED, Numbers.PARTLY, "n2.pt", "n0.pt", "fc1");
        assertFalse(text(unknown).contains("Difference"));
        assertTrue(text(unknown).contains("next    more --iterations; stir report sc; "));
    }

    @Test
    void aSmallerToleranceIsSuggestedWhereTheThresholdIsNotAboveIt() {
        var both = comparison(Numbers.LOW_THRESHOLD, Numbers.PARTLY, "n2.pt", "n0.pt", "fc1");
        assertTrue(text(both).contains("next    --tolerance 0.0025; stir"), text(both));
        var one = comparison(Numbers.LOW_THRESHOLD, Numbers.FEW_ACCEPTED, "n2.pt", "n0.pt", "fc1");
        assertTrue(
                text(one).contains("next    --tolerance 0.0025; more --iterations; "), text(one));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PARTLY | SEED | uniform | --optimizer thorough for the value to report; ",
                "PARTLY | NORM | 1 | stir report sc; ",
                "PARTLY | TERM | tv:0.1 | stir report sc; ",
                "FEW_ACCEPTED | SEED | uniform | a longer search (--optimizer thorough); ",
                "FEW_ACCEPTED | NORM | 1 | more --iterations; ",
                "PARTLY | OPTIMIZER | nearest | stir report sc; "
            })
    void thoroughIsSuggestedWhereItGoesWithTheOtherSettings(
            Numbers numbers, SearchOption option, String value, String next) {
        var search = InversionSettings.REFERENCE.with(option, value);
        var text = text(comparison(numbers, Numbers.PARTLY, search, "n2.pt", "n0.pt", "fc1"));
        assertTrue(text.contains("next    " + next), text);
    }

    @Test
    void aLaterLayerIsSuggestedForTheNetworkThatIgnoresNothing() {
        var text = text(comparison(Numbers.NOTHING_TO_IGNORE, Numbers.PARTLY, "a1", "b1", "conv"));
        assertTrue(text.contains("next    a later layer (--layer-b); "), text);
    }

    @Test
    void everyAnswerFitsEightyColumnsAndTwentyLines() {
        var files =
                List.of(
                        List.of("nets/n0.pt", "nets/n2.pt"),
                        List.of("one/resnet18.pt", "two/resnet18.pt"),
                        List.of("nets/mobilenet_v2.onnx", "nets/efficientnet_lite0.onnx"),
                        List.of(
                                "/data/very/long/paths/to/checkpoints/of/an/experiment/run-17/wide-resnet-50-2-robust-linf-4.script.pt",
                                "/data/very/long/paths/to/checkpoints/of/an/experiment/run-18/wide-resnet-50-2-robust-l2-3.script.pt"));
        for (var numbers : Numbers.values()) {
            for (var other : Numbers.values()) {
                for (var pair : files) {
                    var text = text(comparison(numbers, other, pair.get(0), pair.get(1), "fc1"));
                    assertFits(text, 20);
                    var layers =
                            text(
                                    comparison(
                                            numbers,
                                            other,
                                            pair.get(0),
                                            pair.get(1),
                                            "features.denseblock4.denselayer16.conv2",
                                            "_blocks.37.project_conv.static_padding.output@in"));
                    assertFits(layers, 22);
                }
            }
        }
    }

    private static void assertFits(String text, int lines) {
        assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
        assertTrue(text.lines().count() <= lines, text);
    }

    @Test
    void theCautionThatTheTableContainsIsNotRepeated() {
        var comparison = comparison(Numbers.PARTLY, Numbers.PARTLY, "n2.pt", "n0.pt", "fc1");
        var names = NetworkNames.of(comparison.a(), comparison.b());
        assertEquals(List.of(), new ScoreAnswer(comparison, names, Optional.empty()).cautions());
    }

    @ParameterizedTest
    @CsvSource({
        "nets/n0.pt, nets/n2.pt, n0, n2",
        "vgg0.script.pt, resnet0.script.pt, vgg0, resnet0",
        "net.v1.pt, net.v2.pt, net.v1, net.v2",
        "a.onnx, b.script.pt, a, b.script",
        "one/net.pt, two/net.pt, one/net, two/net",
        "saved/, other/, saved, other",
        "net.pt, net.onnx, a, b"
    })
    void networksHaveTheNamesOfTheirFiles(String fileOfA, String fileOfB, String a, String b) {
        assertEquals(
                new NetworkNames(a, b),
                NetworkNames.of(network(fileOfA, "fc1"), network(fileOfB, "fc1")));
    }

    @Test
    void networksOfOneFileHaveTheNamesOfTheirLayers() {
        assertEquals(
                new NetworkNames("conv1", "fc1"),
                NetworkNames.of(network("net.pt", "conv1"), network("net.pt", "fc1")));
        assertEquals(
                NetworkNames.LETTERS,
                NetworkNames.of(network("net.pt", "fc1"), network("net.pt", "fc1")));
        assertEquals(
                new NetworkNames("wide-resn..ust-linf4", "n0"),
                NetworkNames.of(
                        network("wide-resnet-50-2-robust-linf4.pt", "fc1"),
                        network("n0.pt", "fc1")));
    }

    @Test
    void aTableForAPaperHasItsCaptionLabelAndNotes() {
        var comparison =
                comparison(Numbers.PARTLY, Numbers.CHANCE, "nets/n_2.pt", "nets/n_0.pt", "fc1");
        var names = NetworkNames.of(comparison.a(), comparison.b());
        var table = new ScorePaper(comparison, names).table();
        var latex = table.latex();
        for (var part :
                List.of(
                        "\\caption{STIR(target $|$ reference) of n\\_2 (layer fc1) and n\\_0",
                        "\\label{tab:stir-n-2-n-0}",
                        "\\begin{tabular}{lllrrrrr}",
                        "linear-cka-debiased & n\\_0 & n\\_2 & $-$0.02 & [$-$0.19, 0.15] & 0.01 & 1.00 & 0.261 \\\\",
                        "ceiling & p \\\\",
                        "& 95 \\% interval &",
                        "40 inputs; intervals of 95 \\%",
                        "p: of a value as similar if each X' belonged to another input.",
                        "Search: thorough, up to 1000 iterations; at n\\_2 residual 0.004, 100 \\% accepted; at n\\_0",
                        "n\\_2 ignores what n\\_0 ignores: partly")) {
            assertTrue(latex.contains(part), latex);
        }
        assertBalanced(latex);
        assertTrue(
                table.markdown().contains("| linear-cka-debiased | n_2 | n_0 | 0.36 | "),
                table.markdown());
    }

    @Test
    void aTableForAPaperStatesWhyAnAnswerIsNotKnown() {
        var comparison = comparison(Numbers.FEW_ACCEPTED, Numbers.CHANCE, "n2.pt", "n0.pt", "fc1");
        var names = NetworkNames.of(comparison.a(), comparison.b());
        var markdown = new ScorePaper(comparison, names).table().markdown();
        for (var part :
                List.of(
                        "n2 ignores what n0 ignores: not known (25 of 40 invariant inputs were accepted)",
                        "at n0 residual 0.004, 63 % accepted",
                        "n0 ignores what n2 ignores: no more than chance.")) {
            assertTrue(markdown.contains(part), markdown);
        }
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
        int columns = latex.replaceAll("(?s).*begin\\{tabular}\\{([lr]+)}.*", "$1").length();
        rows.lines()
                .filter(line -> line.endsWith("\\\\"))
                .forEach(line -> assertEquals(columns, line.split("(?<!\\\\)&", -1).length, line));
        assertFalse(rows.matches("(?s).*[^\\\\][_#%].*"), rows);
    }
}
