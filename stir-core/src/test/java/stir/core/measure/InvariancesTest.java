package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import stir.api.Matrix;
import stir.core.Seeded;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.Singular;

/**
 * The invariances that each measure's javadoc states, with the change made to the second
 * representation; and the independence of batches and of the order of rows.
 */
class InvariancesTest {
    private static final int ROWS = 30;
    private static final int WIDTH = 5;

    /** Unchanged by rotationInvariance, isotropic scaling and translationInvariance. */
    private static final List<String> SHAPES = List.of(
            "linear-cka",
            "linear-cka-debiased",
            "minibatch-cka",
            "rbf-cka",
            "rbf-cka?estimator=debiased&median=with-diagonal",
            "svcca?variance=0.9",
            "procrustes",
            "procrustes-angular",
            "bures",
            "distance-correlation",
            "angular-cka",
            "rbf-cka?fraction=0.5",
            "rsa-whitened?comparison=correlation",
            "ridge-predictivity",
            "procrustes-whitened",
            "gulp",
            "imd",
            "rtd",
            "rtd?batch=12&trials=3",
            "rsa-pearson?dissimilarity=euclidean",
            "rsa-spearman?dissimilarity=squared-euclidean",
            "rsa-kendall?dissimilarity=euclidean",
            "rsa-cosine?dissimilarity=euclidean",
            "knn-jaccard?metric=euclidean",
            "mutual-knn?metric=euclidean",
            "rank-similarity?metric=euclidean");

    /** Unchanged by any invertible linear map and by translationInvariance. */
    private static final List<String> SPACES =
            List.of("cca", "pwcca", "linear-regression", "procrustes-whitened?alpha=0");

    /** Unchanged by rotationInvariance and by scaling each row. */
    private static final List<String> DIRECTIONS = List.of(
            "rsa-spearman?dissimilarity=cosine",
            "knn-jaccard",
            "mutual-knn",
            "rank-similarity",
            "second-order-cosine",
            "cycle-knn",
            "lcs-knn",
            "edit-distance-knn",
            "cknna");

    /** Unchanged by translationInvariance and positive scaling of each feature. */
    private static final List<String> FEATURES =
            List.of("hard-correlation-match", "soft-correlation-match", "soft-matching");

    @SafeVarargs
    private static List<String> join(List<String>... all) {
        var joined = new ArrayList<String>();
        for (var some : all) {
            joined.addAll(some);
        }
        return joined;
    }

    @TestFactory
    Stream<DynamicTest> rotationInvariance() {
        return Seeded.tests(10, random -> {
            var rotated = join(SHAPES, SPACES, DIRECTIONS, List.of("eigenspace-overlap", "aligned-cosine"));
            assertUnchanged(rotated, random, b -> times(b, randomRotation(random)));
            assertUnchanged(
                    List.of(
                            "procrustes-size-and-shape",
                            "rsm-norm-difference",
                            "magnitude-difference",
                            "uniformity-difference",
                            "concentricity-difference",
                            "knn-jaccard?metric=inner-product"),
                    random,
                    b -> times(b, randomRotation(random)));
        });
    }

    @TestFactory
    Stream<DynamicTest> isotropicScalingInvariance() {
        return Seeded.tests(10, random -> {
            double factor = Math.exp(random.nextGaussian());
            assertUnchanged(
                    join(SHAPES, SPACES, DIRECTIONS, FEATURES, List.of("eigenspace-overlap", "aligned-cosine")),
                    random,
                    b -> map(b, (i, j, value) -> factor * value));
            assertUnchanged(
                    List.of(
                            "rsa-pearson",
                            "concentricity-difference",
                            "procrustes-permutation?distance=angular",
                            "mutual-knn?metric=inner-product"),
                    random,
                    b -> map(b, (i, j, value) -> factor * value));
        });
    }

    @TestFactory
    Stream<DynamicTest> translationInvariance() {
        return Seeded.tests(10, random -> {
            var shift = random.doubles(WIDTH, -5, 5).toArray();
            assertUnchanged(
                    join(
                            SHAPES,
                            SPACES,
                            FEATURES,
                            List.of(
                                    "procrustes-size-and-shape",
                                    "procrustes-permutation?distance=angular",
                                    "rsm-norm-difference",
                                    "uniformity-difference")),
                    random,
                    b -> map(b, (i, j, value) -> value + shift[j]));
        });
    }

    @TestFactory
    Stream<DynamicTest> invarianceUnderPermutationOfFeatures() {
        return Seeded.tests(10, random -> {
            var order = new ArrayList<>(IntStream.range(0, WIDTH).boxed().toList());
            Collections.shuffle(order, random);
            assertUnchanged(
                    join(
                            SHAPES,
                            SPACES,
                            DIRECTIONS,
                            FEATURES,
                            List.of("rsa-pearson", "rsa-spearman", "rsa-kendall", "rsa-cosine")),
                    random,
                    b -> map(b, (i, j, value) -> b.get(i, order.get(j))));
        });
    }

    @TestFactory
    Stream<DynamicTest> invarianceUnderInvertibleMaps() {
        return Seeded.tests(10, random -> {
            var map = noise(WIDTH, WIDTH, random);
            for (int i = 0; i < WIDTH; i++) {
                map.set(i, i, map.get(i, i) + 4);
            }
            assertUnchanged(join(SPACES, List.of("gulp?lambda=0", "eigenspace-overlap")), random, b -> times(b, map));
        });
    }

    @TestFactory
    Stream<DynamicTest> invarianceUnderScalingOfRows() {
        return Seeded.tests(10, random -> {
            var factors = random.doubles(ROWS, 0.1, 10).toArray();
            assertUnchanged(
                    join(DIRECTIONS, List.of("rsa-pearson", "rsa-kendall")),
                    random,
                    b -> map(b, (i, j, value) -> factors[i] * value));
        });
    }

    @TestFactory
    Stream<DynamicTest> invarianceUnderScalingAndShiftingOfFeatures() {
        return Seeded.tests(10, random -> {
            var factors = random.doubles(WIDTH, 0.1, 10).toArray();
            var shifts = random.doubles(WIDTH, -5, 5).toArray();
            assertUnchanged(
                    join(SPACES, FEATURES), random, b -> map(b, (i, j, value) -> factors[j] * value + shifts[j]));
        });
    }

    @TestFactory
    Stream<DynamicTest> valuesDoNotDependOnBatches() {
        return Seeded.tests(20, random -> {
            int most = 1 + random.nextInt(40);
            var a = matrix(noise(ROWS, 4, random));
            var b = matrix(noise(ROWS, WIDTH, random));
            for (var text : List.of("linear-cka", "minibatch-cka?batch=7", "minibatch-cka?batch=9")) {
                var measure = GoldenValuesTest.measure(text);
                var accumulator = measure.accumulator(4, WIDTH).orElseThrow();
                for (int from = 0; from < ROWS; ) {
                    int to = Math.min(ROWS, from + 1 + random.nextInt(most));
                    var rows = IntStream.range(from, to).toArray();
                    accumulator.add(a.select(rows), b.select(rows));
                    from = to;
                }
                assertEquals(measure.compare(a, b), accumulator.value(), 1e-10, text);
            }
        });
    }

    private static void assertUnchanged(List<String> measures, Random random, UnaryOperator<DenseMatrix> change) {
        var shared = noise(ROWS, WIDTH, random);
        var b = noise(ROWS, WIDTH, random);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < WIDTH; j++) {
                b.set(i, j, b.get(i, j) + shared.get(i, j));
            }
        }
        var first = matrix(times(shared, noise(WIDTH, 4, random)));
        var second = matrix(b);
        var changed = matrix(change.apply(b));
        for (var text : measures) {
            var measure = GoldenValuesTest.measure(text);
            assertEquals(measure.compare(first, second), measure.compare(first, changed), 1e-7, text);
        }
    }

    /** A function that computes a value from its position and its old value. */
    @FunctionalInterface
    private interface Cell {
        double of(int row, int column, double value);
    }

    private static DenseMatrix map(DenseMatrix matrix, Cell cell) {
        var mapped = DenseMatrix.zeros(matrix.rows(), matrix.columns());
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                mapped.set(i, j, cell.of(i, j, matrix.get(i, j)));
            }
        }
        return mapped;
    }

    private static DenseMatrix noise(int rows, int columns, Random random) {
        return map(DenseMatrix.zeros(rows, columns), (i, j, value) -> random.nextGaussian());
    }

    private static DenseMatrix randomRotation(Random random) {
        var parts = Singular.of(noise(WIDTH, WIDTH, random));
        return Products.crossProduct(parts.left(), parts.right());
    }

    private static DenseMatrix times(DenseMatrix a, DenseMatrix b) {
        return Products.product(a, b);
    }

    private static Matrix matrix(DenseMatrix values) {
        return Matrix.of(values.rows(), values.columns(), values.toArray());
    }
}
