package stir.core.linalg;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A square piece of a matrix product. */
final class Tile {
    /**
     * Rows and columns of a tile, and how many terms are added before the next ones are fetched:
     * the fetched pieces then fit the second-level cache.
     */
    static final int SIZE = 256;

    /** So many rows of the result stay in the first-level cache while all terms are added. */
    private static final int ROWS_AT_ONCE = 8;

    /** Where a tile begins. */
    record Place(int row, int column) {}

    /** A matrix, or a matrix with rows and columns exchanged, as a factor of a product. */
    record Factor(RowSource source, boolean transposed) {
        static Factor rowsOf(RowSource source) {
            return new Factor(source, false);
        }

        static Factor columnsOf(RowSource source) {
            return new Factor(source, true);
        }

        int rows() {
            return transposed ? source.columns() : source.rows();
        }

        int columns() {
            return transposed ? source.rows() : source.columns();
        }

        /** Copies the piece of {@code rows x columns} that begins at a place. */
        void copy(int row, int column, int rows, int columns, double[][] into, double[] buffer) {
            if (!transposed) {
                for (int i = 0; i < rows; i++) {
                    source.copy(row + i, column, columns, into[i]);
                }
                return;
            }
            for (int j = 0; j < columns; j++) {
                source.copy(column + j, row, rows, buffer);
                for (int i = 0; i < rows; i++) {
                    into[i][j] = buffer[i];
                }
            }
        }
    }

    private final Place place;
    private final int rows;
    private final int columns;
    private final double[][] values;

    private Tile(Place place, int rows, int columns) {
        this.place = place;
        this.rows = rows;
        this.columns = columns;
        this.values = new double[rows][columns];
    }

    /** The places of all tiles; of a symmetric matrix those on and above the diagonal. */
    static Stream<Place> grid(int rows, int columns, boolean symmetric) {
        return steps(rows)
                .boxed()
                .flatMap(
                        i ->
                                steps(columns)
                                        .filter(j -> !symmetric || j >= i)
                                        .mapToObj(j -> new Place(i, j)));
    }

    private static IntStream steps(int size) {
        return IntStream.range(0, (size + SIZE - 1) / SIZE).map(i -> i * SIZE);
    }

    /** The tile at a place of the product of two factors. */
    static Tile of(Factor left, Factor right, Place place) {
        int rows = Math.min(SIZE, left.rows() - place.row);
        int columns = Math.min(SIZE, right.columns() - place.column);
        int terms = left.columns();
        var tile = new Tile(place, rows, columns);
        var a = new double[rows][SIZE];
        var b = new double[SIZE][columns];
        var buffer = new double[SIZE];
        for (int from = 0; from < terms; from += SIZE) {
            int count = Math.min(SIZE, terms - from);
            left.copy(place.row, from, rows, count, a, buffer);
            right.copy(from, place.column, count, columns, b, buffer);
            tile.add(a, b, count);
        }
        return tile;
    }

    private void add(double[][] a, double[][] b, int terms) {
        for (int from = 0; from < rows; from += ROWS_AT_ONCE) {
            int to = Math.min(rows, from + ROWS_AT_ONCE);
            int k = 0;
            for (; k + 4 <= terms; k += 4) {
                for (int i = from; i < to; i++) {
                    addFour(a[i], k, b[k], b[k + 1], b[k + 2], b[k + 3], values[i]);
                }
            }
            for (; k < terms; k++) {
                for (int i = from; i < to; i++) {
                    addOne(a[i][k], b[k], values[i]);
                }
            }
        }
    }

    /**
     * One row of the result and four of the right factor. The compilers of Java 17 and 25 both turn
     * this loop into vector instructions; with two rows of the result, or with rows that lie in one
     * array, one or the other does not.
     */
    private static void addFour(
            double[] a, int k, double[] b0, double[] b1, double[] b2, double[] b3, double[] sum) {
        double a0 = a[k];
        double a1 = a[k + 1];
        double a2 = a[k + 2];
        double a3 = a[k + 3];
        for (int j = 0; j < sum.length; j++) {
            sum[j] += (a0 * b0[j] + a1 * b1[j]) + (a2 * b2[j] + a3 * b3[j]);
        }
    }

    private static void addOne(double a, double[] b, double[] sum) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += a * b[j];
        }
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    /** A row of the tile, shared. */
    double[] row(int row) {
        return values[row];
    }

    /** Copies the tile to its place, and for a symmetric matrix to the mirrored one too. */
    void copyTo(DenseMatrix result, boolean symmetric) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values[i], 0, result.row(place.row + i), place.column, columns);
        }
        if (symmetric && place.row != place.column) {
            for (int j = 0; j < columns; j++) {
                var mirrored = result.row(place.column + j);
                for (int i = 0; i < rows; i++) {
                    mirrored[place.row + i] = values[i][j];
                }
            }
        }
    }

    /** Adds the tile at its place. */
    void addTo(DenseMatrix sum) {
        for (int i = 0; i < rows; i++) {
            var row = sum.row(place.row + i);
            for (int j = 0; j < columns; j++) {
                row[place.column + j] += values[i][j];
            }
        }
    }

    /** The sum of the products of the values at the same places of two tiles of one size. */
    double dot(Tile other) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            double rowSum = 0;
            for (int j = 0; j < columns; j++) {
                rowSum += values[i][j] * other.values[i][j];
            }
            sum += rowSum;
        }
        return sum;
    }
}
