package stir.core.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import stir.api.Matrix;

/**
 * Four pairs of matrices and independent values of measures on them: they were computed in float64
 * with numpy and agree with the public Python implementations; those of {@code tau_a}, {@code
 * rho_a}, {@code cosine_cov} and {@code corr_cov} are rsatoolbox's own. The lines of {@code
 * kinds.csv} come from {@code src/test/python/measure_references.py}, those of {@code inputs.csv}
 * from {@code input_references.py}.
 */
public final class Golden {
    /** A pair of the table. */
    public record Pair(String name, Matrix x, Matrix y) {}

    private Golden() {}

    /** Returns the pair of a name, A to D, in either case. */
    public static Pair pair(String name) {
        var upper = name.toUpperCase(Locale.ROOT);
        return new Pair(upper, matrix(upper + "_X.csv"), matrix(upper + "_Y.csv"));
    }

    /** Returns the table's value for a row and a pair, the pair's name in either case. */
    static double value(String row, String pair) {
        var line = lines("golden_table.csv").stream()
                .filter(l -> l.startsWith(row + ","))
                .findFirst()
                .orElseThrow();
        var cells = line.split(",", -1);
        return Double.parseDouble(cells["ABCD".indexOf(pair.toUpperCase(Locale.ROOT)) + 1]);
    }

    private static Matrix matrix(String file) {
        var lines = lines(file);
        var values = lines.stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return Matrix.of(lines.size(), values.length / lines.size(), values);
    }

    /** Returns the cells of the lines of {@code inputs.csv} of a kind and a pair. */
    public static List<String[]> ofInputs(String kind, String pair) {
        return lines("inputs.csv").stream()
                .map(line -> line.split(",", -1))
                .filter(cells -> cells[0].equals(kind) && cells[1].equals(pair))
                .toList();
    }

    /** Returns the lines of one of the files. */
    public static List<String> lines(String file) {
        var stream = Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + file));
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
