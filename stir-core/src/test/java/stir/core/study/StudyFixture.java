package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import stir.api.Batch;
import stir.core.Stir;
import stir.core.inversion.search.SearchFixture;
import stir.core.io.arrays.NpyWriter;
import stir.core.io.files.Sha256;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.study.file.ExperimentFile;
import stir.core.study.results.StudyResults;
import stir.core.study.results.StudySimilarity;

/**
 * Small studies of networks that {@link PlainBackend} runs.
 *
 * @param folder where all files are
 */
record StudyFixture(Path folder) {
    /** Both layers of a model. */
    static final int LAYERS = 2;

    static final String SHORT = "search: {optimizer: published, iterations: 8}\n";

    /** Writes networks {@code net1} to {@code net5} and some images. */
    static StudyFixture in(Path folder, int images) throws IOException {
        var fixture = new StudyFixture(folder);
        for (int seed = 1; seed <= 5; seed++) {
            fixture.network(seed, seed);
        }
        fixture.images(images);
        return fixture;
    }

    void network(int number, long seed) throws IOException {
        Files.writeString(folder.resolve("net" + number + ".plain"), Long.toString(seed));
    }

    void images(int count) {
        images(count, rows -> {});
    }

    /** Writes images in another order. */
    void images(int count, Consumer<List<Integer>> reorder) {
        var noise = new SearchFixture.Noise(count, PlainBackend.INPUT);
        var order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        reorder.accept(order);
        var images = Batch.allocate(count, PlainBackend.INPUT);
        for (int row = 0; row < count; row++) {
            noise.read(order.get(row), images, row);
        }
        NpyWriter.write(folder.resolve("images.npy"), images);
    }

    /** An experiment of the first networks, at both of their layers. */
    Path experiment(int models, String more) throws IOException {
        var text = new StringBuilder("models:\n");
        for (int seed = 1; seed <= models; seed++) {
            text.append("  - {name: n%d, file: net%d.plain, layers: [\"*\"]}\n".formatted(seed, seed));
        }
        text.append("inputs: images.npy\n").append(more);
        return Files.writeString(folder.resolve("study.yaml"), text);
    }

    CheckedExperiment check(int models, String more) throws IOException {
        return Stir.load().check(ExperimentFile.read(experiment(models, more)));
    }

    StudyResults run(int models, String more, String out, RunOptions options, StudyListener listener)
            throws IOException {
        try (var checked = check(models, more)) {
            return checked.study().run(folder.resolve(out), options, listener);
        }
    }

    StudyResults run(int models, String more, String out) throws IOException {
        return run(models, more, out, RunOptions.DEFAULT, StudyListener.SILENT);
    }

    /** What all files of a study hold, but for the logs of its runs. */
    Map<String, String> bytes(String study) throws IOException {
        var bytes = new TreeMap<String, String>();
        for (var file : files(study)) {
            var content = Files.readAllBytes(file);
            bytes.put(
                    folder.resolve(study).relativize(file).toString(),
                    file.toString().endsWith(".npy")
                            ? Sha256.of(HexFormat.of().formatHex(content))
                            : new String(content, StandardCharsets.UTF_8));
        }
        return bytes;
    }

    /** The same names, and under each the same; the first difference fails. */
    static void assertSame(Map<String, ?> expected, Map<String, ?> actual) {
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
        expected.forEach((name, value) -> assertEquals(value, actual.get(name), name));
    }

    List<Path> files(String study) throws IOException {
        var root = folder.resolve(study);
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(root.resolve("logs")))
                    .toList();
        }
    }

    /** All values of a study, by what they are of. */
    static Map<String, Object> values(StudyResults results) {
        var values = new LinkedHashMap<String, Object>();
        for (var score : results.scores()) {
            put(score, values);
        }
        for (var similarity : results.similarities()) {
            put(similarity, values);
        }
        return values;
    }

    static void put(StudySimilarity similarity, Map<String, Object> values) {
        var name = similarity.target() + " and " + similarity.reference();
        put(name, similarity.measures(), values);
        values.put(name + " cautions", similarity.cautions());
    }

    static void put(DirectedScore score, Map<String, Object> values) {
        var search = score.search();
        var name = "%s given %s, %s %d".formatted(score.target(), score.reference(), search.name(), search.repeat());
        var inversion = score.inversion();
        put(name, score.measures(), values);
        values.put(name + " outcomes", score.outcomes());
        values.put(name + " cautions", score.cautions());
        values.put(name + " acceptance", search.acceptance());
        values.put(name + " converged", search.converged());
        values.put(name + " distance", inversion.distancesFromInputs());
        values.put(name + " residual", inversion.meanResidual());
        values.put(name + " median residual", inversion.medianResidual());
        values.put(name + " largest residual", inversion.maxResidual());
        values.put(name + " course", inversion.trace());
        values.put(
                name + " pixels",
                Arrays.hashCode(
                        inversion.invariantInputs().read(0, inversion.count()).toArray()));
    }

    private static void put(String name, Map<String, MeasureScore> measures, Map<String, Object> values) {
        values.put(name + " measures", List.copyOf(measures.keySet()));
        measures.forEach((measure, score) -> {
            var of = name + " by " + measure + " ";
            score.values().forEach((quantity, value) -> values.put(of + quantity, value));
            values.put(of + "permutation test", score.permutationTest());
            values.put(of + "repeats", score.repeats());
        });
    }
}
