package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stir.api.BackendProvider;
import stir.api.ObjectiveTerm;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.extension.load.JarAuthor;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.io.files.ContentHash;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.score.Quantity;
import stir.core.score.ScoreSettings;
import stir.core.study.file.ExperimentFile;
import stir.core.study.results.StudyResults;

/** Tests that results are not those of another version of a plug-in, or of another network. */
class PluginCodeTest extends StudyInFolder {
    private void measure(double value) throws IOException {
        write("plugins", "Mine", SimilarityMeasure.class, """
                public final class Mine implements stir.api.SimilarityMeasure {
                    @Override public String id() { return "mine"; }
                    @Override public String description() { return "any"; }
                    @Override public stir.api.Scale scale() { return new stir.api.Scale(-1, 1, true); }
                    @Override public double compare(stir.api.Matrix a, stir.api.Matrix b) { return %s; }
                }
                """.formatted(value));
    }

    private void term(double value) throws IOException {
        write("plugins", "Flat", ObjectiveTerm.class, """
                public final class Flat implements stir.api.ObjectiveTerm {
                    @Override public String id() { return "flat"; }
                    @Override public String description() { return "any"; }
                    @Override public Evaluation on(stir.api.Shape input) {
                        return (weight, pixels, gradient) -> %s;
                    }
                }
                """.formatted(value));
    }

    private void backend(int number) throws IOException {
        write("backends/toy", "Toy", BackendProvider.class, """
                public final class Toy implements stir.api.BackendProvider {
                    private final stir.api.BackendProvider plain = new stir.core.study.PlainBackend();
                    static final int NUMBER = %d;
                    @Override public String id() { return "toy"; }
                    @Override public String description() { return "any"; }
                    @Override public java.util.List<stir.api.Device> devices(java.nio.file.Path cache) {
                        return plain.devices(cache);
                    }
                    @Override public stir.api.Recognition recognise(java.nio.file.Path file) {
                        return file.toString().endsWith(".toy")
                                ? stir.api.Recognition.BY_NAME : stir.api.Recognition.NONE;
                    }
                    @Override public stir.api.Model open(java.nio.file.Path file, stir.api.ModelOptions options) {
                        return plain.open(file, options);
                    }
                }
                """.formatted(number));
    }

    private void write(String place, String name, Class<?> service, String source) throws IOException {
        var jar = Files.createDirectories(folder.resolve(place)).resolve(name + ".jar");
        new JarAuthor(folder).write(jar, Map.of(name, source), Map.of(service.getName(), name));
    }

    private StudyResults run(String more) throws IOException {
        var file = ExperimentFile.read(study.experiment(2, more));
        try (var checked = Stir.load(folder).check(file)) {
            return checked.study().run(folder.resolve("out"), RunOptions.DEFAULT, StudyListener.SILENT);
        }
    }

    private static double value(StudyResults results, String measure) {
        var values = results.scores().get(0).measures().get(measure);
        return Optional.ofNullable(values)
                .orElseThrow()
                .values()
                .get(Quantity.STIR)
                .value()
                .orElseThrow();
    }

    @Test
    void anotherVersionOfAMeasureScoresTheStoredSearchesAgain() throws IOException {
        var more = "measures: [linear-cka, mine]\n" + StudyFixture.SHORT;
        measure(0.25);
        var first = run(more);
        assertEquals(0.25, value(first, "mine"));
        assertEquals(0, run(more).work().comparisons());
        var hash = ContentHash.of(folder.resolve("plugins/Mine.jar"));
        measure(-0.25);
        var second = run(more);
        assertEquals(-0.25, value(second, "mine"));
        assertEquals(value(first, "linear-cka"), value(second, "linear-cka"));
        assertEquals(0, second.work().inversions());
        var stored = Files.readString(folder.resolve("out/study.json"));
        assertFalse(stored.contains(hash), stored);
        assertTrue(stored.contains(ContentHash.of(folder.resolve("plugins/Mine.jar"))), stored);
    }

    @Test
    void searchesWithAnotherVersionOfATermAreRefused() throws IOException {
        var more = "search: {optimizer: published, iterations: 8, term: 'flat:0.1'}\n";
        term(0);
        var first = run(more);
        assertTrue(first.work().inversions() > 0);
        term(1);
        var refusal = assertThrows(UsageException.class, () -> run(more));
        assertTrue(refusal.getMessage().contains("term-flat-sha256 was "), refusal.getMessage());
    }

    @Test
    void resultsOfAnotherVersionOfABackendAreRefused() throws IOException {
        Files.writeString(folder.resolve("net1.toy"), "1");
        var more = "  - {name: toy, file: net1.toy, layers: [\"*\"]}\ninputs: images.npy\n" + StudyFixture.SHORT;
        var file = Files.writeString(folder.resolve("toy.yaml"), "models:\n  - {name: n2, file: net2.plain}\n" + more);
        backend(1);
        assertTrue(toy(file.toString()).work().inversions() > 0);
        assertEquals(0, toy(file.toString()).work().inversions());
        backend(2);
        var refusal = assertThrows(UsageException.class, () -> toy(file.toString()));
        assertTrue(refusal.getMessage().contains("toy: backend-sha256 was "), refusal.getMessage());
    }

    private StudyResults toy(String file) {
        try (var checked = Stir.load(folder).check(ExperimentFile.read(java.nio.file.Path.of(file)))) {
            return checked.study().run(folder.resolve("out"), RunOptions.DEFAULT, StudyListener.SILENT);
        }
    }

    @Test
    void resultsOfANetworkWithoutAHashAreNotStored() {
        var stir = Stir.load();
        var inputs = Inputs.open(folder.resolve("images.npy"));
        var settings = ScoreSettings.DEFAULT.withInversion(InversionSettings.PUBLISHED.withIterations(2));
        var spec = NetworkSpec.of(folder.resolve("net1.plain"));
        try (var a = stir.open(spec);
                var b = Network.of("b", "", "mine", stir.open(spec).model(), spec)) {
            var request = CompareRequest.of(a, b, inputs).withSettings(settings);
            assertTrue(stir.compare(request).bGivenA().stir().isDefined());
            var out = folder.resolve("out");
            var refusal = assertThrows(UsageException.class, () -> stir.compare(request.withFolder(out)));
            assertTrue(refusal.getMessage().contains("'b'"), refusal.getMessage());
            assertFalse(Files.exists(out));
        }
    }
}
