package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inputs.InputsSpec;
import stir.core.inputs.RangeChoice;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Seed;
import stir.core.io.arrays.NpyReader;
import stir.core.io.arrays.NpyWriter;
import stir.core.network.NetworkSpec;
import stir.core.network.Preprocessing;
import stir.core.score.Quantity;
import stir.core.score.StudiedLayer;
import stir.core.score.Values;
import stir.core.study.file.ExperimentFile;
import stir.core.study.results.StudyResults;

/** Studies of inputs with values outside of [0,1]. */
class RangedStudyTest {
    private static final int COUNT = 8;

    @TempDir
    Path folder;

    private StudyFixture study = new StudyFixture(Path.of(""));

    /** Writes images, and in {@code wide.npy} the same between -4 and 4. */
    @BeforeEach
    void files() throws IOException {
        study = StudyFixture.in(folder, COUNT);
        var images = values(folder.resolve("images.npy"));
        for (int i = 0; i < images.length; i++) {
            images[i] = 8 * images[i] - 4;
        }
        NpyWriter.write(folder.resolve("wide.npy"), Batch.of(PlainBackend.INPUT, images));
    }

    private static float[] values(Path npy) {
        try (var reader = NpyReader.open(npy)) {
            var values = new float[reader.count() * PlainBackend.INPUT.size()];
            var batch = Batch.allocate(reader.count(), PlainBackend.INPUT);
            for (int i = 0; i < reader.count(); i++) {
                reader.read(i, batch, i);
            }
            batch.buffer().get(0, values);
            return values;
        }
    }

    private CheckedExperiment check(String range) throws IOException {
        var text = """
                models:
                  - {name: n1, file: net1.plain, mean: -4, std: 8}
                  - {name: n2, file: net2.plain, mean: -4, std: 8}
                inputs: {path: wide.npy%s}
                search: {optimizer: published, iterations: 30}
                """.formatted(range);
        return Stir.load().check(ExperimentFile.read(Files.writeString(folder.resolve("wide.yaml"), text)));
    }

    private StudyResults run(String range, String out) throws IOException {
        try (var checked = check(range)) {
            return checked.study().run(folder.resolve(out), RunOptions.DEFAULT, StudyListener.SILENT);
        }
    }

    @Test
    void theSameNetworksOnTheSameInputsOfAnotherRangeHaveTheSameScores() throws IOException {
        var wide = run(", range: [-4, 4]", "wide");
        var images = study.run(2, "search: {optimizer: published, iterations: 30}\n", "images");
        var target = new StudiedLayer("n2", PlainBackend.HIDDEN);
        var reference = new StudiedLayer("n1", PlainBackend.HIDDEN);
        var score = wide.score(target, reference).orElseThrow();
        var expected = images.score(target, reference).orElseThrow();
        Values.all(expected, Quantity.STIR)
                .forEach((measure, value) -> assertEquals(
                        value.value().orElseThrow(), Values.value(score, measure, Quantity.STIR), 0.02, measure));
        assertEquals(
                meanDistance(score.inversion()),
                score.inversion().meanDistanceFromInput().orElseThrow(),
                1e-4,
                "of values between -4 and 4");
    }

    /** Returns the mean relative distance from the inputs in {@code wide.npy}. */
    private double meanDistance(Inversion inversion) {
        var inputs = values(folder.resolve("wide.npy"));
        int size = PlainBackend.INPUT.size();
        double sum = 0;
        for (int index = 0; index < COUNT; index++) {
            var shares = inversion.invariantInputs().read(index, 1);
            double squares = 0;
            double norm = 0;
            for (int i = 0; i < size; i++) {
                double input = inputs[index * size + i];
                squares += Math.pow(8.0 * shares.get(0, i) - 4 - input, 2);
                norm += input * input;
            }
            sum += Math.sqrt(squares / norm);
        }
        return sum / COUNT;
    }

    @Test
    void resultsInMemoryAreThoseOfAFolderWhoseFilesHoldValuesOfTheRange() throws IOException {
        var stored = run(", range: \"-5,5\"", "wide");
        try (var checked = check(", range: [[-5, 5]]")) {
            var inMemory = checked.study().run(RunOptions.DEFAULT, StudyListener.SILENT);
            StudyFixture.assertSame(StudyFixture.values(stored), StudyFixture.values(inMemory));
        }
        assertArrayEquals(values(folder.resolve("wide.npy")), values(folder.resolve("wide/inputs.npy")), 1e-5f);
        for (var file : study.files("wide")) {
            if (file.endsWith("invariant.npy")) {
                var values = values(file);
                Arrays.sort(values);
                assertTrue(values[0] < -1 && values[0] >= -5, "from " + values[0]);
                assertTrue(values[values.length - 1] <= 5, "to " + values[values.length - 1]);
            }
        }
        var reopened = StoredStudy.open(folder.resolve("wide"));
        var reference = new StudiedLayer("n1", PlainBackend.HIDDEN);
        var inversion = stored.score(new StudiedLayer("n2", PlainBackend.HIDDEN), reference)
                .orElseThrow()
                .inversion();
        var again = reopened.inversion(reference, reopened.runs().get(0)).orElseThrow();
        assertArrayEquals(
                inversion.invariantInputs().read(0, COUNT).toArray(),
                again.invariantInputs().read(0, COUNT).toArray());
    }

    @Test
    void aFolderOfAnotherRangeIsRefusedWithBothRanges() throws IOException {
        run(", range: [-4, 4]", "wide");
        var refusal = assertThrows(UsageException.class, () -> run(", range: [-5, 5]", "wide"));
        assertTrue(refusal.getMessage().contains("range was -4,4 and is -5,5"), refusal.getMessage());
    }

    @Test
    void inputsAndNormalisationsOfOtherKindsThanImagesNeedARange() throws IOException {
        try (var checked = check("")) {
            assertTrue(
                    checked.problems().get(0).toString().contains("contains values from"),
                    checked.problems()::toString);
        }
        Files.copy(folder.resolve("images.npy"), folder.resolve("wide.npy"), StandardCopyOption.REPLACE_EXISTING);
        try (var checked = check("")) {
            assertTrue(
                    checked.problems().get(0).toString().contains("The mean must be in [0,1], not -4.0"),
                    checked.problems()::toString);
        }
        try (var checked = check(", range: [-4, 4]")) {
            assertEquals(List.of(), checked.problems());
        }
    }

    @Test
    void theJavaApiSearchesInARangeFromSeedsOfIt() {
        var preprocessing = Preprocessing.normalise(new double[] {-4}, new double[] {8});
        var spec = NetworkSpec.of(folder.resolve("net1.plain")).withPreprocessing(preprocessing);
        var inputs = InputsSpec.of(folder.resolve("wide.npy"))
                .withRange(RangeChoice.FREE)
                .open();
        assertFalse(inputs.facts().range().isUnit());
        var seeds = new Seed.Given(folder.resolve("wide.npy"));
        var settings = InversionSettings.of(Optimizer.FAST.method()).withSeed(seeds);
        var stir = Stir.load();
        try (var network = stir.open(spec)) {
            var inversion = stir.invert(network, inputs, settings);
            assertEquals(0, inversion.meanMoved(), 1e-4);
            assertEquals(
                    inputs.facts().range(), inversion.invariantInputs().facts().range());
        }
    }
}
