package stir.core.math.linalg;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Matrix products. They are computed in square tiles, several at once on the threads of the common
 * pool (or of the pool that the caller runs in). Every tile is summed in one fixed order, so the
 * result does not depend on the number of threads.
 */
public final class Products {
    /**
     * The largest number of tiles of each of two Gram matrices that are held: 48 MB, of 3,328 rows.
     */
    private static final int MAX_TILES_HELD = 91;

    private Products() {}

    /** Returns {@code a b}. */
    public static DenseMatrix product(RowSource a, RowSource b) {
        if (a.columns() != b.rows()) {
            throw new IllegalArgumentException("The sizes do not match: " + a + " times " + b);
        }
        return whole(Tile.Operand.rowsOf(a), Tile.Operand.rowsOf(b), false);
    }

    /** Returns {@code a' b} of matrices with the same rows. */
    public static DenseMatrix crossProduct(RowSource a, RowSource b) {
        checkRows(a, b);
        return whole(Tile.Operand.columnsOf(a), Tile.Operand.rowsOf(b), false);
    }

    /** Returns {@code a' a}; symmetric. */
    public static DenseMatrix crossProduct(RowSource a) {
        return whole(Tile.Operand.columnsOf(a), Tile.Operand.rowsOf(a), true);
    }

    /** Returns {@code a a'}: the dot product of every pair of rows; symmetric. */
    public static DenseMatrix gram(RowSource a) {
        return whole(Tile.Operand.rowsOf(a), Tile.Operand.columnsOf(a), true);
    }

    /** Returns {@code a b'}: the dot product of each row of a matrix and each of another. */
    public static DenseMatrix rowProducts(RowSource a, RowSource b) {
        if (a.columns() != b.columns()) {
            throw new IllegalArgumentException("The numbers of columns differ: " + a + " and " + b);
        }
        return whole(Tile.Operand.rowsOf(a), Tile.Operand.columnsOf(b), false);
    }

    /** Adds {@code a' b} to a matrix. */
    static void addCrossProduct(RowSource a, RowSource b, DenseMatrix sum) {
        checkRows(a, b);
        var left = Tile.Operand.columnsOf(a);
        var right = Tile.Operand.rowsOf(b);
        Tile.grid(sum.rows(), sum.columns(), false)
                .forEach(place -> Tile.of(left, right, place).addTo(sum));
    }

    /** Returns the squared Frobenius norm of {@code a' b}, which is never held. */
    public static double crossProductSquares(RowSource a, RowSource b) {
        checkRows(a, b);
        var left = Tile.Operand.columnsOf(a);
        var right = Tile.Operand.rowsOf(b);
        boolean symmetric = a == b;
        var places = Tile.grid(a.columns(), b.columns(), symmetric).toArray(Tile.Corner[]::new);
        return orderedSum(places, place -> {
            var tile = symmetric ? Tile.ofSymmetric(left, right, place) : Tile.of(left, right, place);
            int times = symmetric && place.row() != place.column() ? 2 : 1;
            return new double[] {times * tile.dot(tile)};
        })[0];
    }

    private static <T> Stream<T> stream(T[] places) {
        return places.length == 1 ? Stream.of(places) : Arrays.stream(places).parallel();
    }

    private static <T> double[] orderedSum(T[] places, Function<T, double[]> termsOf) {
        var terms = stream(places).map(termsOf).toArray(double[][]::new);
        var sums = new double[terms[0].length];
        for (var term : terms) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += term[i];
            }
        }
        return sums;
    }

    private static void checkRows(RowSource a, RowSource b) {
        if (a.rows() != b.rows()) {
            throw new IllegalArgumentException("The numbers of rows differ: " + a + " and " + b);
        }
    }

    private static DenseMatrix whole(Tile.Operand left, Tile.Operand right, boolean symmetric) {
        var result = DenseMatrix.zeros(left.rows(), right.columns());
        Tile.grid(left.rows(), right.columns(), symmetric).forEach(place -> {
            var tile = symmetric ? Tile.ofSymmetric(left, right, place) : Tile.of(left, right, place);
            tile.copyTo(result, symmetric);
        });
        return result;
    }

    /**
     * Returns the three Frobenius dot products of linear CKA, {@code <aa', bb'>}, {@code <aa',
     * aa'>} and {@code <bb', bb'>}. For many rows neither Gram matrix is held: both are computed
     * tile by tile.
     */
    public static double[] gramDots(RowSource a, RowSource b) {
        checkRows(a, b);
        var places = Tile.grid(a.rows(), a.rows(), true).toArray(Tile.Corner[]::new);
        if (places.length <= MAX_TILES_HELD) {
            var tiles = GramTiles.at(places, a, b);
            return orderedSum(
                    IntStream.range(0, places.length).boxed().toArray(Integer[]::new),
                    i -> dots(tiles[0][i], tiles[1][i], places[i]));
        }
        return orderedSum(
                places,
                place -> dots(
                        Tile.ofSymmetric(Tile.Operand.rowsOf(a), Tile.Operand.columnsOf(a), place),
                        Tile.ofSymmetric(Tile.Operand.rowsOf(b), Tile.Operand.columnsOf(b), place),
                        place));
    }

    private static double[] dots(Tile ofA, Tile ofB, Tile.Corner place) {
        int times = place.row() == place.column() ? 1 : 2;
        return new double[] {times * ofA.dot(ofB), times * ofA.dot(ofA), times * ofB.dot(ofB)};
    }
}
