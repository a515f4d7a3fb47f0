package stir.core.inversion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Norm;
import stir.api.UsageException;

class InversionSettingsTest {
    private static final InversionSettings PUBLISHED = InversionSettings.PUBLISHED;

    @Test
    void theDescriptionOfTheReferenceIsThePublishedSettings() {
        assertEquals(
                "{optimizer=published, iterations=1000, tolerance=0.0, seed=super-noise, rng-seed=0, norm=2, fake-relu=true}",
                PUBLISHED.describe().toString());
        assertEquals(Map.of(), PUBLISHED.files());
    }

    @Test
    void settingsThatChangeResultsChangeTheDescription() {
        for (var other : List.of(
                PUBLISHED.with(SearchOption.OPTIMIZER, "fast").withIterations(1000),
                PUBLISHED.withIterations(999),
                PUBLISHED.with(SearchOption.TOLERANCE, "0.1"),
                PUBLISHED.withSeed(Seed.Kind.ONE_NOISE),
                PUBLISHED.withRngSeed(1),
                PUBLISHED.with(SearchOption.NORM, "1"),
                PUBLISHED.with(SearchOption.FAKE_RELU, "false"),
                PUBLISHED.with(SearchOption.TERM, "tv:0.1"),
                PUBLISHED.with(SearchOption.TRANSFORM, "jitter:4"),
                PUBLISHED.with(SearchOption.STEP, "1"),
                PUBLISHED.with(SearchOption.MOMENTUM, "0.9"),
                PUBLISHED.with(SearchOption.FOURIER, "true"),
                PUBLISHED.with(SearchOption.RANDOM_STEPS, "true"),
                PUBLISHED.with(SearchOption.BALL, "l2:1@seed"))) {
            assertNotEquals(PUBLISHED.describe(), other.describe());
        }
    }

    @Test
    void filesAreKnownByWhatTheyHold(@TempDir Path folder) throws IOException {
        var one = Files.writeString(folder.resolve("seeds.npy"), "one");
        var moved =
                Files.writeString(Files.createDirectory(folder.resolve("moved")).resolve("seeds.npy"), "one");
        var settings = PUBLISHED.withSeed(new Seed.Given(one));
        assertEquals(Map.of("seed", one), settings.files());
        assertEquals("seeds.npy", settings.describe().get("seed"));
        var described = settings.describeContent();
        assertEquals("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", described.get("seed-sha256"));
        assertEquals(described, PUBLISHED.withSeed(new Seed.Given(moved)).describeContent());
        assertEquals("known", settings.describe(path -> "known").get("seed-sha256"));
        Files.writeString(one, "two");
        assertNotEquals(described, settings.describeContent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "super-noise",
                "smooth-noise",
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
    void theDescriptionOfEverything() {
        var objective = new Objective(
                List.of(WeightedTerm.parse("grey?p=inf&level=0:0.5"), WeightedTerm.parse("blur:2")),
                Optional.of(new Controversial(
                        new SecondNetwork(
                                Path.of("models", "b.pt"),
                                Optional.of("flatten"),
                                List.of(0.5),
                                List.of(0.25),
                                SecondInputs.ONE),
                        0.1)),
                Augmentation.parse("pad:12,jitter:8,scale:0.1"));
        var descent = new GradientDescent(
                new StepwiseSettings(1000, 0, true, Optional.of(Ball.parse("linf:0.25@input"))),
                Norm.L2,
                objective,
                new Steps(1, 0.9, true, false, Optional.empty()));
        assertEquals(
                "{optimizer=published, iterations=1000, tolerance=0.0, seed=super-noise, rng-seed=0, norm=2, fake-relu=true"
                        + ", controversial=b.pt, controversial-factor=0.1, second-layer=flatten"
                        + ", second-mean=0.5, second-std=0.25, term=blur:2.0,grey?level=0&p=inf:0.5"
                        + ", transform=pad:12,jitter:8,scale:0.1"
                        + ", step=1.0, momentum=0.9, fourier=true, ball=linf:0.25@input}",
                InversionSettings.of(descent).describe().toString());
    }

    static Stream<Arguments> refusals() {
        var distorted = PUBLISHED.with(SearchOption.TRANSFORM, "rotate:5");
        var nearest = PUBLISHED.with(SearchOption.OPTIMIZER, "candidates");
        var fast = PUBLISHED.with(SearchOption.OPTIMIZER, "fast");
        return Stream.of(
                refusal("minimises only the relative distance", fast, SearchOption.TERM, "tv:0.1"),
                refusal("chooses its steps", fast, SearchOption.STEP, "1"),
                refusal("only the norm 2", fast, SearchOption.NORM, "inf"),
                refusal("omit ball.", nearest, SearchOption.BALL, "l2:1@seed"),
                refusal("makes no steps", nearest, SearchOption.ITERATIONS, "5"),
                refusal("makes no steps", nearest, SearchOption.TOLERANCE, "0.5"),
                refusal("makes no steps", nearest, SearchOption.FAKE_RELU, "false"),
                Arguments.of("makes no steps", (Executable) () -> nearest.withIterations(5)),
                refusal("for the optimiser candidates", PUBLISHED, SearchOption.CANDIDATES, "x"),
                refusal("one candidate per input", nearest.with(SearchOption.PAIRS, "y"), SearchOption.CANDIDATES, "x"),
                refusal("omit tolerance.", distorted, SearchOption.TOLERANCE, "0.1"),
                refusal("add controversial", PUBLISHED, SearchOption.CONTROVERSIAL_FACTOR, "1"),
                refusal(
                        "follow no gradient",
                        PUBLISHED.with(SearchOption.MOMENTUM, "0.5"),
                        SearchOption.RANDOM_STEPS,
                        "true"),
                refusal("chooses its steps itself", fast, SearchOption.RANDOM_STEPS, "true"),
                refusal("add controversial", PUBLISHED, SearchOption.SECOND_MEAN, "0.5"),
                refusal("term: The weight of blur", PUBLISHED, SearchOption.TERM, "blur:0"),
                refusal("once at most", PUBLISHED, SearchOption.TERM, "tv:1,tv:2"),
                refusal("is not a term", PUBLISHED, SearchOption.TERM, "tv"),
                refusal("is not a term", PUBLISHED, SearchOption.TERM, "tv?beta:1"),
                refusal("weight of x", PUBLISHED, SearchOption.TERM, "x:0"),
                refusal("no transform 'turn'", PUBLISHED, SearchOption.TRANSFORM, "jitter:8,turn:4"),
                refusal("is not a transform", PUBLISHED, SearchOption.TRANSFORM, "jitter"),
                refusal("is not a transform", PUBLISHED, SearchOption.TRANSFORM, "jitter:x"),
                refusal("takes a number", PUBLISHED, SearchOption.TRANSFORM, "scale:1"),
                refusal("is not a ball", PUBLISHED, SearchOption.BALL, "l2:1"),
                refusal("is not a ball", PUBLISHED, SearchOption.BALL, "l1:1@seed"),
                refusal("is not a ball", PUBLISHED, SearchOption.BALL, "l2:x@seed"),
                refusal("radius", PUBLISHED, SearchOption.BALL, "l2:0@seed"),
                refusal("momentum", PUBLISHED, SearchOption.MOMENTUM, "1"),
                refusal("length", PUBLISHED, SearchOption.STEP, "0"),
                refusal("factor", PUBLISHED, SearchOption.CONTROVERSIAL_FACTOR, "-1"),
                refusal("rng-seed: '1.5' is not", PUBLISHED, SearchOption.RNG_SEED, "1.5"),
                refusal("'yes' is not true or false", PUBLISHED, SearchOption.FAKE_RELU, "yes"),
                refusal("'%s' is not a number", PUBLISHED, SearchOption.STEP, "%s"),
                Arguments.of("once at most", (Executable)
                        () -> Objective.of(WeightedTerm.parse("blur:1"), WeightedTerm.parse("blur:2"))));
    }

    private static Arguments refusal(String part, InversionSettings settings, SearchOption option, String word) {
        return Arguments.of(part, (Executable) () -> settings.with(option, word));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusedInASentence(String part, Executable made) {
        var refusal = assertThrows(UsageException.class, made);
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        assertTrue(refusal.getMessage().endsWith("."), refusal.getMessage());
    }

    @Test
    void anotherOptimiserBringsItsIterationsAndTolerance() {
        var thorough = PUBLISHED.with(SearchOption.OPTIMIZER, "thorough");
        assertEquals(0.005, thorough.tolerance());
        assertEquals(1000, thorough.iterations());
        assertEquals(PUBLISHED, thorough.with(SearchOption.OPTIMIZER, "published"));
        var longer = thorough.withIterations(7);
        assertEquals(longer, longer.with(SearchOption.OPTIMIZER, "thorough"));
    }

    @Test
    void aPresetWithItsOwnOptimiserNamedIsThePreset() {
        var jones = Preset.JONES.settings();
        assertEquals(2000, jones.iterations());
        var words = Map.of(SearchOption.PRESET, "jones", SearchOption.OPTIMIZER, "published");
        assertEquals(jones, SearchArguments.of(words).settings());
    }

    static Stream<InversionSettings> settings() {
        return Stream.concat(
                Stream.of(Preset.values()).map(Preset::settings),
                Stream.concat(
                        Stream.of(Optimizer.values()).map(Optimizer::method).map(InversionSettings::of),
                        Stream.of(
                                InversionSettings.of(new GradientDescent(
                                        new StepwiseSettings(7, 0, false, Optional.of(Ball.parse("l2:0.1@seed"))),
                                        new Norm(3.5),
                                        new Objective(
                                                List.of(),
                                                Optional.of(new Controversial(
                                                        new SecondNetwork(
                                                                Path.of("b", "c.onnx"),
                                                                Optional.of("x,y"),
                                                                List.of(0.1, 0.2),
                                                                List.of(0.3),
                                                                new SecondInputs(
                                                                        Optional.of("x"),
                                                                        Map.of(
                                                                                "mask", "m.npy",
                                                                                "types", "0"))),
                                                        Controversial.Factor.PUBLISHED)),
                                                List.of()),
                                        new Steps(0.1, 0.2, true, false, Optional.empty()))),
                                InversionSettings.of(
                                        new NearestNeighbour(Norm.LINF, Optional.of(Path.of("x.npy")), false)),
                                InversionSettings.of(
                                        new NearestNeighbour(Norm.L2, Optional.of(Path.of("y.npy")), true)),
                                PUBLISHED
                                        .with(SearchOption.CONTROVERSIAL, "b.onnx")
                                        .with(SearchOption.TERM, "grey?p=6&level=0.25:0.1")
                                        .with(SearchOption.TERM, "mine?a=1&b=x y:0.5,other:2")
                                        .withRngSeed(-3))));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void settingsAreParsedFromTheirTexts(InversionSettings settings) {
        var texts = new LinkedHashMap<SearchOption, String>();
        SearchValues.of(settings.method(), settings.seed(), settings.rngSeed())
                .values()
                .forEach((option, value) -> texts.put(option, SearchValues.text(value)));
        assertEquals(settings, SearchArguments.of(texts).settings());
    }

    @Test
    void aTermReplacesTheOneOfItsIdAlone() {
        var freq = Preset.FREQ.settings().with(SearchOption.TERM, "blur:1,mine:2");
        assertEquals("blur:1.0,grey:5.0E-6,mine:2.0,tv:5.0E-5", freq.describe().get("term"));
        var words = Map.of(SearchOption.PRESET, "freq", SearchOption.TERM, "blur:1,mine:2");
        assertEquals(freq, SearchArguments.of(words).settings());
    }

    @Test
    void partsThatExcludeEachOtherAreRefusedInJavaToo() {
        var random = new Steps(1, 0.5, false, true, Optional.empty());
        var common = new StepwiseSettings(5, 0.1, true, Optional.empty());
        var augmented = new Objective(List.of(), Optional.empty(), Augmentation.parse("jitter:2"));
        for (var method : List.of(
                new GradientDescent(StepwiseSettings.of(5, 0), Norm.L2, Objective.DISTANCE, random),
                new GradientDescent(common, Norm.L2, augmented, Steps.PUBLISHED))) {
            var refusal = assertThrows(UsageException.class, () -> InversionSettings.of(method));
            assertTrue(refusal.getMessage().contains(": omit "), refusal.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"l2:0.5@seed", "linf:0.25@input"})
    void aBallReadsWhatItWrites(String text) {
        assertEquals(text, Ball.parse(text).toString());
    }
}
