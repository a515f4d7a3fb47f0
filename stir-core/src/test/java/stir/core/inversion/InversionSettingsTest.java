package stir.core.inversion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.Norm;
import stir.api.UsageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class InversionSettingsTest {
    private static final InversionSettings REFERENCE = InversionSettings.REFERENCE;

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
                        REFERENCE.withFakeRelu(false))) {
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
}
