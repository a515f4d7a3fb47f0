package stir.core.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Remedy;
import stir.api.Shape;
import stir.core.check.KinkedNetwork.Defect;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.runtime.progress.ProgressListener;

@Tag("slow")
class ExportCheckerTest {
    private final ExportChecker checker = new ExportChecker(System::nanoTime, ProgressListener.SILENT);

    private static Network network(Defect defect, long seed, Shape spec) {
        return Network.of(
                "net",
                "",
                "test",
                new KinkedNetwork(defect, seed, spec),
                NetworkSpec.of(Path.of("net")).withThreads(1));
    }

    private ExportCheck check(Defect defect, long seed) {
        try (var network = network(defect, seed, KinkedNetwork.INPUT)) {
            return checker.check(network, Optional.empty(), KinkedNetwork.INPUT);
        }
    }

    private static GradientCheck gradient(ExportCheck report) {
        return report.gradients().values().iterator().next();
    }

    @Test
    void kinksAreNotReported() {
        for (long seed = 0; seed < 4; seed++) {
            var report = check(Defect.NONE, seed);
            assertEquals(List.of(), report.problems());
            var check = gradient(report);
            assertTrue(check.agrees() && check.error() < 5e-3, check::toString);
            assertTrue(check.worst() < 4 * GradientCheck.TOLERANCE, check::toString);
        }
    }

    @Test
    void kinksCloserThanStepsAreNotReportedEither() {
        for (long seed = 0; seed < 4; seed++) {
            var check = gradient(check(Defect.CLOSE_KINKS, seed));
            assertTrue(check.agrees(), check::toString);
        }
    }

    @Test
    void everyWrongGradientIsReported() {
        for (long seed = 0; seed < 2; seed++) {
            for (var defect : List.of(
                    Defect.FORGOTTEN_BRANCH,
                    Defect.TOO_LONG,
                    Defect.SLIGHTLY_LONG,
                    Defect.ALTERNATING,
                    Defect.HALVED,
                    Defect.ROUNDED)) {
                var report = check(defect, seed);
                assertFalse(gradient(report).agrees(), defect + " " + seed);
                assertEquals(1, report.problems().size(), report.problems()::toString);
                assertTrue(report.problems().get(0).sentence().contains("The gradient is wrong"));
            }
        }
        var longer = gradient(check(Defect.TOO_LONG, 0));
        assertEquals(0.1, longer.error(), 0.01);
    }

    @ParameterizedTest
    @CsvSource({
        "OTHER_DISTANCE, The gradient of the distance differs",
        "CONSTANT, The representation hardly changes",
        "TRAINING, depends on the other inputs",
        "DROPOUT, another representation the second time",
        "NAN, contains NaN"
    })
    void everyDefectIsReported(Defect defect, String words) {
        var report = check(defect, 1);
        assertTrue(report.problems().toString().contains(words), report.problems()::toString);
    }

    @ParameterizedTest
    @EnumSource(
            value = Defect.class,
            names = {"NAN_GRADIENT", "NAN_GRADIENT_OF_DIFFERENCES", "NAN_DISTANCE"})
    void aNetworksOwnNanIsNotADefectOfTheBackend(Defect defect) {
        var report = check(defect, 1);
        assertEquals(1, report.problems().size(), report.problems()::toString);
        var sentence = report.problems().get(0).sentence();
        assertTrue(sentence.contains("The gradient contains NaN or infinite values"), sentence);
        assertFalse(sentence.contains("defect") || sentence.contains("report"), sentence);
    }

    /** A step that suits columns of thousands is a jump in those of hundredths. */
    @Test
    void columnsOfUnlikeSizesAreMovedByTheirOwnSpreads() {
        var widths = List.of(0.01, 1e4);
        var range = new StringJoiner("/");
        for (int i = 0; i < SteepTable.COLUMNS; i++) {
            range.add("0," + widths.get(i % widths.size()));
        }
        var shape = Shape.of(SteepTable.COLUMNS);
        var units = Points.noise(4, shape);
        var inputs = Inputs.of("table", units.count(), shape, (index, into, row) -> {
                    var unit = units.read(index, index + 1);
                    for (int i = 0; i < into.rowSize(); i++) {
                        double width = widths.get(i % widths.size());
                        into.set(row, i, (float) (width * unit.get(0, i)));
                    }
                })
                .in(ValueRange.parse(range.toString()));
        var model = new SteepTable(widths);
        var spec = NetworkSpec.of(Path.of("table")).withThreads(1);
        try (var network = Network.of("table", "", "test", model, spec)) {
            var report = checker.check(network, Optional.empty(), inputs);
            assertEquals(List.of(), report.problems());
            assertTrue(gradient(report).error() < 1e-3, gradient(report)::toString);
        }
    }

    @Test
    void gradientsOfASlowNetworkAreComparedAtTwoInputs() {
        var hours = new AtomicInteger();
        var slow = new ExportChecker(
                () -> Duration.ofHours(hours.incrementAndGet()).toNanos(), ProgressListener.SILENT);
        try (var network = network(Defect.NONE, 1, KinkedNetwork.INPUT)) {
            var inputs = Points.noise(8, KinkedNetwork.INPUT);
            var few = gradient(slow.check(network, Optional.empty(), inputs));
            assertEquals(8, few.trials());
            assertTrue(few.agrees(), few::toString);
            assertEquals(
                    32,
                    gradient(checker.check(network, Optional.empty(), inputs)).trials());
        }
    }

    @Test
    void layersAreGroupedByTheirObstacle() {
        var report = check(Defect.NONE, 1);
        assertEquals(2, report.measurable().size());
        assertEquals(1, report.searchable().size());
        assertEquals(Map.of("It is merged.", List.of("conv")), report.obstacles(false));
        assertEquals(Map.of("ArgMax has no gradient.", List.of("argmax")), report.obstacles(true));
        assertEquals(KinkedNetwork.LAYER, report.layer().orElseThrow().name());
        assertEquals(Map.of("format", "test"), report.origin());
    }

    @Test
    void searchesOfAllInputsAreEstimated() {
        try (var network = network(Defect.NONE, 1, KinkedNetwork.INPUT)) {
            var inputs = Points.noise(30, KinkedNetwork.INPUT);
            var report = checker.check(network, Optional.empty(), inputs);
            assertEquals(List.of(), report.problems());
            assertEquals(3, report.searches().size());
            for (var search : report.searches()) {
                assertEquals(30, search.inputs());
                assertTrue(search.seconds() > 0, search::toString);
            }
        }
    }

    @Test
    void freeSizesAreReported() {
        try (var network = network(Defect.NONE, 1, Shape.of(3, Shape.UNKNOWN, Shape.UNKNOWN))) {
            var report =
                    checker.check(network, Optional.empty(), network.input().shape());
            assertEquals(
                    "The model takes inputs of 3x?x?, dynamic at ?: specify the shape, or inputs.",
                    report.problems().get(0).sentence());
            assertEquals(List.of(Remedy.GIVE_SHAPE), report.problems().get(0).remedies());
            assertEquals(Optional.empty(), report.shape());
            var tried = checker.check(network, Optional.empty(), KinkedNetwork.INPUT);
            assertEquals(List.of(), tried.problems());
        }
    }

    @Test
    void exportsAreComparedLayerByLayer() {
        try (var one = network(Defect.NONE, 1, KinkedNetwork.INPUT);
                var same = network(Defect.NONE, 1, KinkedNetwork.INPUT);
                var scaled = network(Defect.OTHER_WEIGHTS, 1, KinkedNetwork.INPUT)) {
            Inputs inputs = Points.noise(4, KinkedNetwork.INPUT);
            var equal = checker.check(one, Optional.of(same), inputs);
            assertEquals(List.of(), equal.problems());
            assertEquals(3, equal.differences().size());
            assertEquals(0, equal.differences().get(2).difference().orElseThrow());
            assertEquals(
                    Optional.of("It is merged."), equal.differences().get(0).reason());
            var other = checker.check(one, Optional.of(scaled), inputs);
            assertEquals(0.01, other.differences().get(2).difference().orElseThrow(), 1e-4);
            assertTrue(other.problems().get(0).sentence().contains("'argmax'"), other.problems()::toString);
        }
    }

    @Test
    void halfPrecisionHasItsOwnTolerance() {
        try (var one = network(Defect.NONE, 1, KinkedNetwork.INPUT);
                var half = network(Defect.HALF, 1, KinkedNetwork.INPUT);
                var other = network(Defect.OTHER_HALF, 1, KinkedNetwork.INPUT)) {
            var inputs = Points.noise(4, KinkedNetwork.INPUT);
            for (var pair : List.of(List.of(one, half), List.of(half, one))) {
                var report = checker.check(pair.get(0), Optional.of(pair.get(1)), inputs);
                assertEquals(List.of(), report.problems());
                var difference = report.differences().get(2);
                assertEquals(5e-3, difference.difference().orElseThrow(), 1e-4);
            }
            var report = checker.check(one, Optional.of(other), inputs);
            assertTrue(
                    report.problems().toString().contains("2 of 2 compared layers differ"),
                    report.problems()::toString);
        }
    }

    @Test
    void ofManyLayersASampleIsComparedUnlessAllAreAskedFor() {
        int count = 400;
        try (var one = deep(count, new AtomicInteger())) {
            var inputs = Points.noise(2, KinkedNetwork.INPUT);
            var sampled = new AtomicInteger();
            var report = checker.check(one, Optional.of(deep(count, sampled)), inputs);
            assertEquals(List.of(), report.problems());
            assertEquals(50, sampled.get());
            assertEquals(count, report.differences().size());
            for (int end : new int[] {0, count - 1}) {
                assertTrue(report.differences().get(end).difference().isPresent());
            }
            assertEquals(
                    count - 50,
                    report.differences().stream()
                            .filter(pair -> pair.reason().orElse("").contains("the sample"))
                            .count());
            var all = new AtomicInteger();
            checker.withAllLayers().check(one, Optional.of(deep(count, all)), inputs);
            assertEquals(count, all.get());
        }
    }

    /** Trees of scikit-learn are such a network. */
    @Test
    void aNetworkWithoutALayerIsAProblem() {
        try (var network = deep(0, new AtomicInteger())) {
            var inputs = Points.noise(2, KinkedNetwork.INPUT);
            var problems = checker.check(network, Optional.empty(), inputs).problems();
            assertEquals(1, problems.size(), problems::toString);
            assertTrue(problems.get(0).sentence().startsWith("No measurable layer"));
        }
    }

    /** Returns a network of many layers that counts the hooks at them. */
    private static Network deep(int count, AtomicInteger hooks) {
        var model = new DeepNetwork(count, hooks);
        return Network.of("deep", "", "test", model, NetworkSpec.of(Path.of("deep")));
    }

    // As if one framework flattened channels first, and the other last.
    @Test
    void theSameValuesInAnotherOrderAreNotADifference() {
        try (var one = network(Defect.NONE, 1, KinkedNetwork.INPUT);
                var reordered = network(Defect.OTHER_ORDER, 1, KinkedNetwork.INPUT)) {
            var report = checker.check(one, Optional.of(reordered), Points.noise(4, KinkedNetwork.INPUT));
            for (var pair : report.differences()) {
                assertTrue(pair.difference().isEmpty(), pair::toString);
            }
            var reason = report.differences().get(2).reason().orElseThrow();
            assertTrue(reason.contains("in another order"), reason);
        }
    }
}
