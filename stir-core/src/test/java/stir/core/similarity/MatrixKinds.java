package stir.core.similarity;

import stir.api.Matrix;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * 29 kinds of pairs of matrices that break careless code, made by the arithmetic of {@code
 * src/test/python/measure_references.py}.
 */
final class MatrixKinds {
    private MatrixKinds() {}

    /** A value of a matrix by its place. */
    @FunctionalInterface
    private interface Cell {
        double at(int row, int column);
    }

    private static double[][] matrix(int rows, int columns, Cell cell) {
        var values = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[i][j] = cell.at(i, j);
            }
        }
        return values;
    }

    /** Sums of four uniform numbers, minus 2. */
    private static double[][] noise(int rows, int columns, long seed) {
        var random = new SplittableRandom(seed);
        return matrix(
                rows,
                columns,
                (i, j) ->
                        random.nextDouble()
                                + random.nextDouble()
                                + random.nextDouble()
                                + random.nextDouble()
                                - 2);
    }

    private static double[][] related(double[][] x, int columns, long seed) {
        var noise = noise(x.length, columns, seed);
        return matrix(x.length, columns, (i, j) -> x[i][j % x[i].length] + noise[i][j]);
    }

    private static double[][] ofRank(int rows, int columns, int rank, long seed) {
        var left = noise(rows, rank, seed);
        var right = noise(rank, columns, seed + 1);
        return matrix(
                rows,
                columns,
                (i, j) -> {
                    double sum = 0;
                    for (int k = 0; k < rank; k++) {
                        sum += left[i][k] * right[k][j];
                    }
                    return sum;
                });
    }

    private static double[][] map(double[][] x, DoubleUnaryOperator function) {
        return matrix(x.length, x[0].length, (i, j) -> function.applyAsDouble(x[i][j]));
    }

    /** A pair and its precision. */
    private static final class Kind {
        private final double[][] x;
        private final double[][] y;
        private final boolean single;

        private Kind(double[][] x, double[][] y, boolean single) {
            this.x = x;
            this.y = y;
            this.single = single;
        }

        static Kind of(double[][] x, double[][] y) {
            return new Kind(x, y, false);
        }

        static Kind related(int rows, int columnsOfX, int columnsOfY) {
            var x = noise(rows, columnsOfX, 1);
            return of(x, MatrixKinds.related(x, columnsOfY, 2));
        }

        Kind map(DoubleUnaryOperator function) {
            return new Kind(MatrixKinds.map(x, function), MatrixKinds.map(y, function), single);
        }

        Golden.Pair named(String name) {
            return new Golden.Pair(name, of(x), of(y));
        }

        private Matrix of(double[][] values) {
            int columns = values[0].length;
            var doubles = new double[values.length * columns];
            var floats = new float[doubles.length];
            for (int i = 0; i < doubles.length; i++) {
                doubles[i] = values[i / columns][i % columns];
                floats[i] = (float) doubles[i];
            }
            return single
                    ? Matrix.of(values.length, columns, floats)
                    : Matrix.of(values.length, columns, doubles);
        }
    }

    /** All pairs by the names of their kinds. */
    static Map<String, Golden.Pair> all() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put("few", Kind.related(12, 3, 4));
        kinds.put("independent", Kind.of(noise(100, 16, 1), noise(100, 24, 2)));
        kinds.put("tall", Kind.related(300, 40, 30));
        kinds.put("wide", Kind.related(30, 200, 100));
        kinds.put("very-wide", Kind.related(20, 600, 500));
        kinds.put("square", Kind.related(40, 40, 40));
        kinds.put("wide-together", Kind.of(noise(60, 40, 1), noise(60, 40, 2)));
        kinds.put("related", Kind.related(60, 10, 14));
        var relu = Kind.related(80, 20, 20);
        kinds.put("relu", Kind.of(relu(relu.x), relu(relu.y)));
        var deficient = ofRank(60, 20, 5, 1);
        var two = ofRank(60, 20, 2, 7);
        kinds.put(
                "rank-deficient",
                Kind.of(deficient, matrix(60, 20, (i, j) -> deficient[i][j] + two[i][j])));
        kinds.put("rank-one", Kind.of(ofRank(40, 6, 1, 1), ofRank(40, 5, 1, 5)));
        kinds.put("tiny-variance", Kind.related(60, 8, 8).map(value -> 1 + 1e-7 * value));
        for (var offset : new String[] {"1e2", "1e4", "1e6", "1e8"}) {
            double shift = Double.parseDouble(offset);
            kinds.put("offset-" + offset, Kind.related(60, 8, 8).map(value -> shift + value));
        }
        var rows = Kind.related(48, 6, 6);
        kinds.put(
                "duplicated-rows",
                Kind.of(
                        matrix(48, 6, (i, j) -> rows.x[i % 16][j]),
                        matrix(48, 6, (i, j) -> rows.y[i % 16][j])));
        kinds.put("integers", Kind.related(80, 6, 8).map(value -> Math.floor(2 * value)));
        var classes = matrix(100, 10, (i, j) -> i * 7 % 10 == j ? 1 : 0);
        kinds.put("one-hot", Kind.of(classes, related(classes, 20, 2)));
        kinds.put("binary", Kind.related(80, 12, 12).map(value -> value > 0 ? 1 : 0));
        var constant = Kind.related(50, 8, 8);
        kinds.put(
                "constant-columns",
                Kind.of(constantColumns(constant.x), constantColumns(constant.y)));
        kinds.put("one-column", Kind.related(30, 1, 1));
        var single = Kind.related(60, 10, 14);
        kinds.put("single-precision", new Kind(single.x, single.y, true));
        kinds.put("huge", Kind.related(50, 8, 12).map(value -> value * 1e30));
        kinds.put("tiny", Kind.related(50, 8, 12).map(value -> value * 1e-30));
        var ill = Kind.related(60, 8, 8);
        kinds.put("ill-conditioned", Kind.of(illConditioned(ill.x), illConditioned(ill.y)));
        var base = noise(60, 10, 1);
        kinds.put("same", Kind.of(base, base));
        kinds.put("scaled-copy", Kind.of(base, map(base, value -> -3 * value)));
        var repeated = Kind.related(50, 4, 5);
        kinds.put(
                "repeated-columns",
                Kind.of(
                        matrix(50, 9, (i, j) -> repeated.x[i][j % 4]),
                        matrix(50, 9, (i, j) -> repeated.y[i][j % 5])));
        var pairs = new LinkedHashMap<String, Golden.Pair>();
        kinds.forEach((name, kind) -> pairs.put(name, kind.named(name)));
        return pairs;
    }

    private static double[][] relu(double[][] x) {
        return matrix(x.length, x[0].length, (i, j) -> j == 3 ? 0 : Math.max(x[i][j], 0));
    }

    private static double[][] constantColumns(double[][] x) {
        return matrix(x.length, x[0].length, (i, j) -> j == 1 ? 0.1 : j == 4 ? -7 : x[i][j]);
    }

    private static double[][] illConditioned(double[][] x) {
        return matrix(x.length, x[0].length, (i, j) -> x[i][j] / Math.pow(10, j));
    }
}
