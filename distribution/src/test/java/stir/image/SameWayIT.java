package stir.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A search of one network goes the same way on every backend. Rounding leads every input apart in
 * time, at a ReLU that is just on in one of them; the first passes are the same.
 */
class SameWayIT {
    private static final String PASSES = "after_";

    private static Path resource(String backend, String file) {
        return Path.of("..", backend, "src", "test", "resources", file)
                .toAbsolutePath()
                .normalize();
    }

    /** One study, whose process has all backends, searches each network with each optimiser. */
    private static final String STUDY = """
            models:
              - {name: djl, file: '%s'}
              - {name: onnx, file: '%s'}
              - {name: tf, file: '%s'}
            inputs: {path: '%s', limit: 20}
            measures: [linear-cka]
            search:
              - {optimizer: fast, iterations: 11}
              - {optimizer: thorough, iterations: 11}
              - {optimizer: published, iterations: 11}
            """;

    @Test
    void theFirstPassesAreTheSameOnAllBackends() throws IOException {
        var folder = Image.scratch("same-way");
        var study = Files.writeString(
                folder.resolve("study.yaml"),
                STUDY.formatted(
                        Image.built().demo("vgg0.script.pt"),
                        resource("backend-onnx", "fixtures/vgg0.onnx"),
                        resource("backend-tf", "tf_vgg0"),
                        Image.built().demo("mnist500-images-idx3-ubyte")));
        var out = folder.resolve("out");
        var ended = Image.built()
                .stir("matrix", study.toString(), "--out", out.toString(), "--quiet")
                .run();
        assertEquals(0, ended.code(), ended.err());
        for (var optimizer : List.of("fast", "thorough", "published")) {
            var first = residuals(table(out, "djl", optimizer));
            assertEquals(7, first.length, "after 1, 2, 3, 4, 6, 8 and 12 passes");
            for (var backend : List.of("onnx", "tf")) {
                var others = residuals(table(out, backend, optimizer));
                assertArrayEquals(relative(first, first), relative(others, first), 0.01, backend + " by " + optimizer);
            }
        }
    }

    /** Returns the table of a network's only search with an optimiser. */
    private static Path table(Path study, String model, String optimizer) throws IOException {
        try (var files = Files.walk(study.resolve("searches").resolve(model))) {
            return files.filter(file -> file.endsWith(optimizer + "/repeat-1/rows.csv"))
                    .findFirst()
                    .orElseThrow();
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
