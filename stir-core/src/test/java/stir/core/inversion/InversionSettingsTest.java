package stir.core.inversion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.Norm;
import stir.api.UsageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class InversionSettingsTest {
    private static final InversionSettings REFERENCE = InversionSettings.REFERENCE;

    private static final Objective TV =
            Objective.DISTANCE.withRegularisers(new Regulariser.TotalVariation(0.1, 2));

    @Test
    void theDescriptionOfTheReferenceIsThePublishedSettings() {
        assertEquals(
                "{optimizer=reference, iterations=1000, tolerance=0.0, seed=super-noise, rng-seed=0, norm=2, fake-relu=true}",
                REFERENCE.describe().toString());
    }

    @Test
    void whatChangesResultsChangesTheDescription() {
        for (var other :
                List.of(
                        REFERENCE.withOptimizer(Optimizer.FAST).withIterations(1000),
                        REFERENCE.withIterations(999),
                        REFERENCE.withTolerance(0.1),
                        REFERENCE.withSeed(new Seed.OneNoise()),
                        REFERENCE.withRngSeed(1),
                        REFERENCE.withNorm(Norm.L1),
                        REFERENCE.withFakeRelu(false),
                        REFERENCE.withObjective(TV),
                        REFERENCE.withObjective(
                                Objective.DISTANCE.withDistortions(Distortion.parse("jitter:4"))),
                        REFERENCE.withMovement(Movement.REFERENCE.withStep(1)),
                        REFERENCE.withMovement(Movement.REFERENCE.withMomentum(0.9)),
                        REFERENCE.withMovement(Movement.REFERENCE.withFourier(true)),
                        REFERENCE.withMovement(
                                Movement.REFERENCE.withBall(Ball.parse("l2:1@seed"))))) {
            assertNotEquals(REFERENCE.describe(), other.describe());
        }
        assertEquals(REFERENCE.describe(), REFERENCE.withBatchSize(7).describe());
    }

    @Test
    void seedsOfAFileAreToldByWhatTheyHold(@TempDir Path folder) throws IOException {
        var one = Files.writeString(folder.resolve("seeds.npy"), "one");
        var moved =
                Files.writeString(
                        Files.createDirectory(folder.resolve("moved")).resolve("seeds.npy"), "one");
        var described = REFERENCE.withSeed(new Seed.Given(one)).describe();
        assertEquals(
                "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
                described.get("seed-sha256"));
        assertEquals(described, REFERENCE.withSeed(new Seed.Given(moved)).describe());
        Files.writeString(one, "two");
        assertNotEquals(described, REFERENCE.withSeed(new Seed.Given(one)).describe());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "super-noise",
                "light-noise",
                "light-noise:0.05",
                "constant:0.5",
                "white",
                "other-class"
            })
    void aSeedReadsWhatItWrites(String text) {
        assertEquals(text, Seed.parse(text).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"constant:x", "constant:2", "light-noise:0", "light-noise:", "nothing"})
    void noSeed(String text) {
        var refusal = assertThrows(UsageException.class, () -> Seed.parse(text));
        assertTrue(refusal.getMessage().endsWith("."), refusal.getMessage());
    }

    @Test
    void theDescriptionOfEverything(@TempDir Path folder) throws IOException {
        var model = Files.writeString(folder.resolve("b.pt"), "one");
        var objective =
                new Objective(
                        List.of(new Regulariser.Grey(0.5, Norm.LINF, 0), new Regulariser.Blur(2)),
                        Optional.of(
                                Rival.controversial(model, 0.1)
                                        .withLayer("flatten")
                                        .withNormalisation(List.of(0.5), List.of(0.25))),
                        Distortion.parse("pad:12,jitter:8,scale:0.1"));
        var movement = new Movement(1, 0.9, true, Optional.of(Ball.parse("linf:0.25@input")));
        var described =
                REFERENCE.withObjective(objective).withMovement(movement).describe().toString();
        assertEquals(
                "{optimizer=reference, iterations=1000, tolerance=0.0, seed=super-noise, rng-seed=0, norm=2, fake-relu=true"
                        + ", blur=2.0, grey=0.5:inf:0.0, controversial=b.pt, controversial-sha256="
                        + "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
                        + ", controversial-layer=flatten, controversial-mean=[0.5], controversial-std=[0.25]"
                        + ", controversial-factor=0.1, transform=pad:12,jitter:8,scale:0.1"
                        + ", step=1.0, momentum=0.9, fourier=true, ball=linf:0.25@input}",
                described);
    }

    static Stream<Arguments> refusals() {
        var cka = Objective.DISTANCE.withRival(Rival.cka(Path.of("b")));
        var distorted = Objective.DISTANCE.withDistortions(Distortion.parse("rotate:5"));
        return Stream.of(
                Arguments.of("relative distance alone", (Executable) () -> FAST.withObjective(TV)),
                Arguments.of(
                        "chooses its steps",
                        (Executable) () -> FAST.withMovement(Movement.REFERENCE.withStep(1))),
                Arguments.of(
                        "leave the ball out",
                        (Executable)
                                () ->
                                        REFERENCE
                                                .withOptimizer(Optimizer.NEAREST)
                                                .withMovement(
                                                        Movement.REFERENCE.withBall(
                                                                Ball.parse("l2:1@seed")))),
                Arguments.of(
                        "Candidates are for the optimizer nearest",
                        (Executable) () -> REFERENCE.withCandidates(Path.of("x"))),
                Arguments.of(
                        "leave the tolerance out",
                        (Executable) () -> REFERENCE.withTolerance(0.1).withObjective(cka)),
                Arguments.of(
                        "leave the tolerance out",
                        (Executable) () -> REFERENCE.withObjective(distorted).withTolerance(0.1)),
                Arguments.of(
                        "no other terms",
                        (Executable) () -> cka.withRegularisers(new Regulariser.Blur(1))),
                Arguments.of(
                        "once at most",
                        (Executable)
                                () ->
                                        TV.withRegularisers(
                                                new Regulariser.Blur(1), new Regulariser.Blur(2))),
                Arguments.of("above 0", (Executable) () -> Regulariser.Blur.parse("0")),
                Arguments.of(
                        "1 or more", (Executable) () -> Regulariser.TotalVariation.parse("1:0.5")),
                Arguments.of("3 at most", (Executable) () -> Regulariser.Grey.parse("1:2:0.5:4")),
                Arguments.of(
                        "does not fit tv",
                        (Executable) () -> Regulariser.TotalVariation.parse("x")),
                Arguments.of(
                        "is no transform", (Executable) () -> Distortion.parse("jitter:8,turn:4")),
                Arguments.of("is no transform", (Executable) () -> Distortion.parse("jitter:x")),
                Arguments.of("takes a number", (Executable) () -> Distortion.parse("scale:1")),
                Arguments.of("is no ball", (Executable) () -> Ball.parse("l2:1")),
                Arguments.of("is no ball", (Executable) () -> Ball.parse("l1:1@seed")),
                Arguments.of("is no ball", (Executable) () -> Ball.parse("l2:x@seed")),
                Arguments.of("radius", (Executable) () -> Ball.parse("l2:0@seed")),
                Arguments.of("momentum", (Executable) () -> Movement.REFERENCE.withMomentum(1)),
                Arguments.of("length", (Executable) () -> Movement.REFERENCE.withStep(0)),
                Arguments.of("factor", (Executable) () -> Rival.controversial(Path.of("b"), -1)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusedInASentence(String part, Executable made) {
        var refusal = assertThrows(UsageException.class, made);
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        assertTrue(refusal.getMessage().endsWith("."), refusal.getMessage());
    }

    @Test
    void theThoroughOptimiserBringsItsToleranceAndAnotherTakesItAway() {
        var thorough = REFERENCE.withOptimizer(Optimizer.THOROUGH);
        assertEquals(0.005, thorough.tolerance());
        assertEquals(1000, thorough.iterations());
        assertEquals(0, thorough.withOptimizer(Optimizer.REFERENCE).tolerance());
        assertThrows(UsageException.class, () -> thorough.withNorm(Norm.L1));
    }

    private static final InversionSettings FAST = REFERENCE.withOptimizer(Optimizer.FAST);

    @ParameterizedTest
    @ValueSource(strings = {"l2:0.5@seed", "linf:0.25@input"})
    void aBallReadsWhatItWrites(String text) {
        assertEquals(text, Ball.parse(text).toString());
    }
}
