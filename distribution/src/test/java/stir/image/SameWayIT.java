package stir.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A search of one network goes the same way on every backend. Rounding leads every input apart in
 * time, at a ReLU that is just on in one of them; the first passes are the same.
 */
class SameWayIT {
    private static final String PASSES = "after_";

    private static Path resource(String backend, String file) {
        return Path.of("..", backend, "src", "test", "resources", file).toAbsolutePath();
    }

    private static List<Path> networks() {
        return List.of(
                Image.built().folder().resolve("demo/vgg0.script.pt"),
                resource("backend-onnx", "fixtures/vgg0.onnx"),
                resource("backend-tf", "tf_vgg0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "thorough", "published"})
    void theFirstPassesAreTheSameOnAllBackends(String optimizer) throws IOException {
        double[] first = null;
        for (var network : networks()) {
            var out = Image.scratch("same-way");
            var digits = Image.built().folder().resolve("demo/mnist500-images-idx3-ubyte");
            Image.built()
                    .stir(
                            "invert",
                            network.normalize().toString(),
                            "--inputs",
                            digits.toString(),
                            "--limit",
                            "20",
                            "--optimizer",
                            optimizer,
                            "--iterations",
                            "11",
                            "--out",
                            out.toString())
                    .run()
                    .done();
            var residuals = residuals(out.resolve("rows.csv"));
            first = first == null ? residuals : first;
            assertEquals(7, residuals.length, "after 1, 2, 3, 4, 6, 8 and 12 passes");
            assertArrayEquals(relative(first, first), relative(residuals, first), 0.01);
        }
    }

    /** The mean over inputs after each number of passes that is noted. */
    private static double[] residuals(Path table) throws IOException {
        var rows =
                Files.readAllLines(table).stream().map(line -> line.split(",")).toList();
        var names = Arrays.asList(rows.get(0));
        return names.stream()
                .filter(name -> name.startsWith(PASSES))
                .mapToInt(names::indexOf)
                .mapToDouble(column -> rows.stream()
                        .skip(1)
                        .mapToDouble(row -> Double.parseDouble(row[column]))
                        .average()
                        .orElseThrow())
                .toArray();
    }

    private static double[] relative(double[] values, double[] to) {
        var shares = new double[values.length];
        Arrays.setAll(shares, i -> values[i] / to[i]);
        return shares;
    }
}
