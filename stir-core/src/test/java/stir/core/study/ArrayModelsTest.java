package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.Matrix;
import stir.api.Shape;
import stir.api.StirException;
import stir.core.Stir;
import stir.core.io.arrays.NpyWriter;
import stir.core.io.files.Table;
import stir.core.math.statistics.Estimate;
import stir.core.representation.MatrixFile;
import stir.core.score.Quantity;
import stir.core.score.Values;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.PlannedModel;
import stir.core.study.results.StudyResults;

/** Studies of stored arrays in place of networks. */
class ArrayModelsTest {
    private static final String ARRAYS = """
            models:
              - {name: x, arrays: {A: A_X.npy, B: B_X.npy}}
              - {name: y, arrays: {A: A_Y.npy, B: B_Y.npy}}
            search: none
            """;

    private static final String SEQUENCES = """
            models:
              - {name: x, arrays: {a: x.npy}}
              - {name: y, arrays: {a: y.npy}}
            inputs: {path: padded.npz, range: free}
            search: none
            reduce: per-position
            measures: [linear-cka-debiased]
            """;

    @TempDir
    Path folder;

    /** Writes the pairs A and B of the golden values as arrays. */
    @BeforeEach
    void arrays() throws IOException {
        for (var name : List.of("A_X", "A_Y", "B_X", "B_Y")) {
            var csv = folder.resolve(name + ".csv");
            try (var in = ArrayModelsTest.class.getResourceAsStream("/golden/" + name + ".csv")) {
                Files.copy(Objects.requireNonNull(in), csv);
            }
            write(name + ".npy", MatrixFile.read(csv));
        }
    }

    private void write(String file, Matrix matrix) {
        var batch = Batch.allocate(matrix.rows(), Shape.of(matrix.columns()));
        batch.buffer().put(matrix.toFloats());
        NpyWriter.write(folder.resolve(file), batch);
    }

    private CheckedExperiment check(String text) throws IOException {
        return Stir.load().check(ExperimentFile.read(Files.writeString(folder.resolve("a.yaml"), text)));
    }

    private String refusal(String text) throws IOException {
        try (var checked = check(text)) {
            assertEquals(1, checked.problems().size(), checked.problems().toString());
            return checked.problems().get(0).toString();
        }
    }

    private StudyResults run(String text, String out) throws IOException {
        try (var checked = check(text)) {
            return checked.study().run(folder.resolve(out), RunOptions.DEFAULT, StudyListener.SILENT);
        }
    }

    private static Estimate estimate(StudyResults results, String target, String reference, String id) {
        return results.similarities().stream()
                .filter(one -> one.target().toString().equals(target))
                .filter(one -> one.reference().toString().equals(reference))
                .map(one -> Values.get(one.measures(), id, Quantity.SIMILARITY))
                .findFirst()
                .orElseThrow();
    }

    private static double value(StudyResults results, String target, String reference, String id) {
        return estimate(results, target, reference, id).value().orElseThrow();
    }

    @Test
    void storedArraysHaveTheGoldenValuesWithoutANetwork() throws IOException {
        var results = run(ARRAYS + "measures: [linear-cka, linear-cka-debiased, rbf-cka]\n", "out");
        assertEquals(List.of(), results.scores());
        assertEquals(16, results.similarities().size());
        assertEquals(0.1611513187, value(results, "y:A", "x:A", "linear-cka"), 1e-6);
        assertEquals(0.7745862720, value(results, "y:B", "x:B", "linear-cka"), 1e-6);
        assertEquals(-0.0012935393, value(results, "x:A", "y:A", "linear-cka-debiased"), 1e-6);
        assertEquals(0.7369040190, value(results, "x:B", "y:B", "linear-cka-debiased"), 1e-6);
        var stored = StoredStudy.open(folder.resolve("out"));
        assertEquals(List.of(), stored.runs());
        var table = Table.parse(Files.readString(folder.resolve("out/results.csv")));
        assertEquals(1 + 16 * 3, table.size());
        assertFalse(table.get(1).get(table.get(0).indexOf("similarity")).isEmpty());
        assertTrue(table.get(1).get(table.get(0).indexOf("stir")).isEmpty());
    }

    @Test
    void everyMeasureHasTheValueOfTheMatrices() throws IOException {
        var measures = Stir.load().extensions().measures();
        var one = ARRAYS.replace("A: A_X.npy, ", "").replace("A: A_Y.npy, ", "");
        var results = run(one + "measures: [" + String.join(", ", measures.keySet()) + "]\n", "all");
        var x = MatrixFile.read(folder.resolve("B_X.npy"));
        var y = MatrixFile.read(folder.resolve("B_Y.npy"));
        int defined = 0;
        for (var measure : measures.entrySet()) {
            var expected = OptionalDouble.empty();
            try {
                expected = OptionalDouble.of(measure.getValue().compare(x, y));
                defined++;
            } catch (StirException e) { // of one width alone
            }
            var similarity = estimate(results, "x:B", "y:B", measure.getKey()).value();
            assertEquals(expected.isPresent(), similarity.isPresent(), measure.getKey());
            assertEquals(expected.orElse(0), similarity.orElse(0), 1e-6, measure.getKey());
        }
        assertTrue(defined > 40, "defined " + defined);
    }

    @Test
    void aNetworkIsComparedWithArraysOfTheSameInputs() throws IOException {
        StudyFixture.in(folder, 6);
        write(
                "six.npy",
                Matrix.of(6, 2, IntStream.range(0, 12).mapToDouble(i -> i * i).toArray()));
        var text = """
                models:
                  - {name: n, file: net1.plain}
                  - {name: stored, arrays: {a: six.npy}}
                inputs: images.npy
                search: none
                """;
        assertEquals(4, run(text, "mixed").similarities().size());
        var limited = run(text + "limit: 5\n", "limited");
        assertEquals(5, limited.plan().inputs().count());
    }

    /** Sequences of up to five positions in stored arrays whose padding holds anything. */
    @Test
    void thePaddingOfStoredSequencesIsNotCompared() throws IOException {
        sequences(0, 3, 1, 2);
        double zeros = value(run(SEQUENCES, "zeros"), "x:a", "y:a", "linear-cka-debiased");
        sequences(9, 3, 1, 2);
        double nines = value(run(SEQUENCES, "nines"), "x:a", "y:a", "linear-cka-debiased");
        assertEquals(zeros, nines);
        sequences(9, 5, 5, 5);
        assertNotEquals(zeros, value(run(SEQUENCES, "all"), "x:a", "y:a", "linear-cka-debiased"));
    }

    @Test
    void theRowsOfSequencesOfUnlikeLengthsAreTheirPositionsWithoutPadding() throws IOException {
        sequences(0, 1, 1, 1);
        assertTrue(refusal(SEQUENCES).contains("needs at least 4 inputs, but there are 3"), refusal(SEQUENCES));
        sequences(0, 2, 1, 1);
        try (var checked = check(SEQUENCES)) {
            assertEquals(List.of(), checked.problems());
        }
    }

    /** Writes three inputs and two arrays, of five positions with two features. */
    private void sequences(float padding, int... lengths) throws IOException {
        var shape = Shape.of(5, 2);
        var arrays = new LinkedHashMap<String, byte[]>();
        for (var name : List.of("x", "y", "inputs")) {
            var random = new Random(name.hashCode());
            var rows = Batch.allocate(lengths.length, shape);
            for (int row = 0; row < lengths.length; row++) {
                for (int i = 0; i < shape.size(); i++) {
                    float value = random.nextFloat();
                    rows.set(row, i, i < 2 * lengths[row] ? value : padding * value);
                }
            }
            NpyWriter.write(folder.resolve(name + ".npy"), rows);
        }
        var numbers = Batch.allocate(lengths.length, Shape.of());
        for (int row = 0; row < lengths.length; row++) {
            numbers.set(row, 0, lengths[row]);
        }
        NpyWriter.write(folder.resolve("lengths.npy"), numbers);
        arrays.put("array", Files.readAllBytes(folder.resolve("inputs.npy")));
        arrays.put("lengths", Files.readAllBytes(folder.resolve("lengths.npy")));
        zip("padded.npz", arrays);
    }

    @Test
    void aSearchWithArraysIsRefusedInOneSentence() throws IOException {
        var text = "models: [{name: x, arrays: {A: A_X.npy}}]\n";
        assertTrue(
                refusal(text)
                        .endsWith(
                                "'x' has stored arrays and no network, so a search is not possible: write 'search: none' to compare only the representations."));
    }

    @Test
    void theFirstSampleWithAnotherNameIsNamed() throws IOException {
        int count = MatrixFile.read(folder.resolve("A_X.npy")).rows();
        var names =
                new ArrayList<>(IntStream.range(0, count).mapToObj(i -> "s" + i).toList());
        Files.write(folder.resolve("x.txt"), names);
        npz("y.npz", names);
        var text = """
                models:
                  - {name: x, arrays: {A: A_X.npy}, ids: x.txt}
                  - {name: y, arrays: {A: A_Y.npy}, ids: y.npz}
                search: none
                """;
        try (var checked = check(text)) {
            assertEquals("s3", checked.plan().inputs().name(3));
        }
        names.set(3, "é");
        npz("y.npz", names);
        assertTrue(refusal(text).contains("Sample 3 (counting from 0) is 'é' in "));
        Files.write(folder.resolve("short.txt"), names.subList(1, count));
        assertTrue(refusal(text.replace("y.npz", "short.txt")).contains("save one name per row"));
        assertTrue(refusal(text.replace(", ids: x.txt", "")).contains("is 's0' in "));
    }

    @Test
    void arraysOfOtherLengthsAndOfNanAreRefused() throws IOException {
        write("short.npy", Matrix.of(2, 2, new double[] {1, 2, 3, 4}));
        assertTrue(refusal(ARRAYS.replace("B_Y.npy", "short.npy"))
                .contains("the arrays of a model need one row per sample"));
        assertTrue(refusal(ARRAYS.replace("{A: A_Y.npy, B: B_Y.npy}", "{A: short.npy}"))
                .contains("short.npy has 2 samples"));
        write("nan.npy", Matrix.of(2, 2, new double[] {1, 2, Double.NaN, 4}));
        assertTrue(refusal("models: [{name: x, arrays: {A: nan.npy}}]\nsearch: none\n")
                .contains("in row 1"));
        assertTrue(refusal("models: [{name: x, arrays: {A: A_X.npy}, layers: [A]}]\nsearch: none\n")
                .contains("A model of 'arrays' has no 'layers'"));
    }

    @Test
    void theIdentityOfArraysIncludesTheirBytesAndNames() throws IOException {
        var before = hashes();
        assertNotEquals(before.get(0), before.get(1));
        var bytes = Files.readAllBytes(folder.resolve("A_X.npy"));
        bytes[bytes.length - 2]++;
        Files.write(folder.resolve("A_X.npy"), bytes);
        assertNotEquals(before.get(0), hashes().get(0));
        assertEquals(before.get(1), hashes().get(1));
    }

    private List<String> hashes() throws IOException {
        try (var checked = check(ARRAYS)) {
            return checked.plan().models().stream().map(PlannedModel::sha256).toList();
        }
    }

    @Test
    void aStudyThatGoesOnWithOtherBytesIsRefused() throws IOException {
        var unused = run(ARRAYS, "out");
        write("A_X.npy", MatrixFile.read(folder.resolve("A_Y.npy")));
        try {
            run(ARRAYS, "out");
            throw new AssertionError("other bytes were accepted");
        } catch (StirException e) {
            assertTrue(e.getMessage().contains("sha256"), e.getMessage());
        }
        assertEquals(16, unused.similarities().size());
    }

    /** Writes an archive with the names as NumPy does: UTF-32, padded with zeros. */
    private void npz(String file, List<String> names) throws IOException {
        int width = names.stream().mapToInt(String::length).max().orElse(1);
        var header = "{'descr': '<U%d', 'fortran_order': False, 'shape': (%d,), }\n".formatted(width, names.size());
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        out.write(header.length());
        out.write(0);
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        for (var name : names) {
            out.write(ByteBuffer.allocate(4 * width)
                    .put(name.getBytes(Charset.forName("UTF-32LE")))
                    .array());
        }
        zip(file, Map.of("ids", out.toByteArray()));
    }

    private void zip(String file, Map<String, byte[]> arrays) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(folder.resolve(file)))) {
            for (var entry : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
                zip.write(entry.getValue());
            }
        }
    }
}
