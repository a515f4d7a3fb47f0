package stir.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.core.io.arrays.NpyWriter;
import stir.core.math.statistics.Estimate;
import stir.core.representation.MatrixFile;

/** Files that do not fit into the limit of memory are compared as they would be within it. */
class SimilarityOfFilesTest {
    private static final List<String> MEASURES = List.of("linear-cka", "linear-cka-debiased", "rsa-pearson");

    @TempDir
    Path folder;

    private Path file(String name, int rows, int columns) throws IOException {
        var random = new Random(name.hashCode());
        var batch = Batch.allocate(rows, Shape.of(columns));
        for (int i = 0; i < rows * columns; i++) {
            // The first column is of all files.
            int row = i / columns;
            float shared = (float) Math.sin(row);
            batch.buffer().put(i, i % columns == 0 ? 9 * shared : random.nextFloat());
        }
        var file = folder.resolve(name);
        NpyWriter.write(file, batch);
        return file;
    }

    private static Map<String, Estimate> similarity(Path a, Path b, long memory) {
        try (var first = MatrixFile.open(a, Optional.empty());
                var second = MatrixFile.open(b, Optional.empty())) {
            return Stir.load().similarity(first, second, MEASURES, memory);
        }
    }

    private static Estimate get(Map<String, Estimate> values, String measure) {
        return Objects.requireNonNull(values.get(measure));
    }

    /** Tall ones by sums over blocks of rows, wide ones by Gram matrices of blocks of columns. */
    @ParameterizedTest
    @CsvSource({"3000, 40, 30, 2_000_000", "60, 2000, 1500, 500_000", "60, 1500, 2000, 500_000"})
    void partsOfFilesGiveTheValuesOfWholeOnes(int rows, int ofA, int ofB, String limit) throws IOException {
        var a = file("a.npy", rows, ofA);
        var b = file("b.npy", rows, ofB);
        var whole = Stir.load().similarity(MatrixFile.read(a), MatrixFile.read(b), MEASURES);
        var parts = similarity(a, b, Long.parseLong(limit.replace("_", "")));
        for (var measure : List.of("linear-cka", "linear-cka-debiased")) {
            double expected = get(whole, measure).value().orElseThrow();
            assertTrue(expected > 0.1, measure);
            assertEquals(expected, get(parts, measure).value().orElseThrow(), 1e-6, measure);
        }
        var undefined = get(parts, "rsa-pearson").undefined().orElseThrow();
        assertTrue(undefined.contains("or allow more memory"), undefined);
        assertTrue(get(similarity(a, b, Long.MAX_VALUE), "rsa-pearson").isDefined());
    }

    @Test
    void aRowOfALaterPartIsNamed() throws IOException {
        var a = file("a.npy", 300, 20_000);
        var bytes = Files.readAllBytes(a);
        bytes[bytes.length - 1] = 0x7f; // the last value, little-endian
        bytes[bytes.length - 2] = (byte) 0xc0;
        Files.write(a, bytes);
        var refusal = assertThrows(DataException.class, () -> similarity(file("b.npy", 300, 30), a, Long.MAX_VALUE));
        assertTrue(
                refusal.getMessage().startsWith(a + " contains NaN or an infinite value in row 299 "),
                refusal.getMessage());
    }

    @Test
    void valuesInDoublePrecisionAreNotRounded() throws IOException {
        var text = DoubleStream.iterate(0, x -> x + 1)
                .limit(60)
                .mapToObj(row -> DoubleStream.iterate(0, x -> x + 1)
                        .limit(1500)
                        .mapToObj(x -> Double.toString(1e300 * Math.sin(x * row)))
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("\n"));
        var file = Files.writeString(folder.resolve("doubles.csv"), text);
        var similarity = get(similarity(file, file("b.npy", 60, 2000), 500_000), "linear-cka");
        assertTrue(similarity.undefined().isPresent(), similarity.toString());
    }
}
