package stir.core.score;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.UsageException;
import stir.core.inputs.InputsSpec.Kind;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchArguments;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.network.NetworkSpec;
import stir.core.network.SearchedLayer;

class ProtocolTest {
    private static final Map<SearchOption, String> EXPLICIT = Map.of(
            SearchOption.OPTIMIZER, "fast",
            SearchOption.ITERATIONS, "100",
            SearchOption.SEED, "super-noise",
            SearchOption.RNG_SEED, "0");

    private static InversionSettings search(Kind kind, Map<SearchOption, String> given) {
        return Protocol.REAL_1
                .search(kind, SearchArguments.of(given), problem -> {
                    throw new AssertionError(problem.toString());
                })
                .orElseThrow();
    }

    private static String problem(Kind kind, Map<SearchOption, String> given) {
        var problems = new ArrayList<String>();
        var settings =
                Protocol.REAL_1.search(kind, SearchArguments.of(given), problem -> problems.add(problem.toString()));
        assertEquals(Optional.empty(), settings);
        assertEquals(1, problems.size(), problems::toString);
        return problems.get(0);
    }

    @Test
    void theSearchIsThatOfExplicitOptionsAndHasTheirCacheKey() {
        var explicit = SearchArguments.of(EXPLICIT).settings();
        assertEquals(explicit, search(Kind.IMAGES, Map.of()));
        assertEquals(explicit.describe(), search(Kind.IMAGES, Map.of()).describe());
        assertEquals(explicit, search(Kind.IMAGES, EXPLICIT), "options that agree are accepted");
    }

    @Test
    void theSeedFollowsTheKindOfInputsAndArraysNeedIt() {
        assertEquals(Seed.Kind.SUPER_NOISE, search(Kind.IMAGES, Map.of()).seed());
        assertEquals(Seed.Kind.OTHER_INPUT, search(Kind.SOUNDS, Map.of()).seed());
        for (var seed : List.of("super-noise", "other-input")) {
            assertEquals(
                    Seed.parse(seed),
                    search(Kind.ARRAYS, Map.of(SearchOption.SEED, seed)).seed());
        }
        assertEquals("seed: the protocol real-1 requires super-noise or other-input.", problem(Kind.ARRAYS, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIMIZER, thorough, fast",
        "ITERATIONS, 50, 100",
        "SEED, other-input, super-noise",
        "RNG_SEED, 1, 0",
        "TOLERANCE, 0.1, 0.0",
        "FAKE_RELU, false, true",
        "BALL, l2:1@input, that it is left out",
        "PRESET, published, that it is left out"
    })
    void anOptionThatDisagreesIsRefusedWithTheProtocolsValue(SearchOption option, String text, String required) {
        assertEquals(
                "%s: the protocol real-1 requires %s.".formatted(option.word(), required),
                problem(Kind.IMAGES, Map.of(option, text)));
    }

    @Test
    void settingsOfAScoreThatDisagreeAreRefused() {
        var settings = Protocol.REAL_1.settings(Seed.Kind.SUPER_NOISE);
        assertEquals(ScoreSettings.DEFAULT_MEASURES, settings.measures());
        assertEquals(
                "The protocol real-1 sets repeats to 1, not 2.",
                assertThrows(UsageException.class, () -> settings.withRepeats(2))
                        .getMessage());
        assertEquals(
                "The protocol real-1 sets measures to [linear-cka, linear-cka-debiased], not [rbf-cka].",
                assertThrows(UsageException.class, () -> settings.withMeasures("rbf-cka"))
                        .getMessage());
        assertThrows(UsageException.class, () -> settings.withMemory(2_000_000_000L));
        assertThrows(UsageException.class, () -> settings.withInversion(InversionSettings.DEFAULT));
        assertThrows(UsageException.class, () -> Protocol.REAL_1.settings(Seed.Kind.UNIFORM));
    }

    @Test
    void fewerThanFortyInputsAreRefused() {
        assertDoesNotThrow(() -> Protocol.REAL_1.checkInputs(40));
        assertEquals(
                "The protocol real-1 needs at least 40 inputs, and there are 39.",
                assertThrows(UsageException.class, () -> Protocol.REAL_1.checkInputs(39))
                        .getMessage());
    }

    @Test
    void aSearchMatchesOneWholeLayer() {
        var network = NetworkSpec.of(Path.of("a.onnx"));
        assertDoesNotThrow(() -> Protocol.REAL_1.check(network, List.of("layer1", "layer2")));
        var two = List.of(new SearchedLayer("layer1", 1), new SearchedLayer("layer2", 1));
        for (var refused : List.of(
                assertThrows(UsageException.class, () -> Protocol.REAL_1.check(network.withLayers(two), List.of())),
                assertThrows(UsageException.class, () -> Protocol.REAL_1.check(network, List.of("layer1@10%"))))) {
            assertTrue(refused.getMessage().contains("matches one whole layer"), refused::getMessage);
        }
    }

    @Test
    void anUnknownProtocolIsRefusedWithTheKnownOnes() {
        assertEquals(Protocol.REAL_1, Protocol.parse("real-1"));
        var refused = assertThrows(UsageException.class, () -> Protocol.parse("real-9"));
        assertTrue(refused.getMessage().contains("real-1"), refused::getMessage);
    }
}
