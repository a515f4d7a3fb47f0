package stir.core.math.linalg;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A square piece of a matrix product. */
final class Tile {
    /** The number of rows and columns of a tile. */
    static final int SIZE = 256;

    /**
     * The number of terms that are added before the next ones are read, so that they fit the
     * second-level cache. A multiple of the three that are added at once.
     */
    static final int TERMS = 255;

    /** The number of rows that are transposed at once: their values fill a cache line. */
    static final int ROWS_TRANSPOSED = 8;

    /**
     * The number of pairs of rows of the result that stay in the first-level cache while terms are
     * added.
     */
    private static final int PAIRS_AT_ONCE = 4;

    /** The first row and column of a tile. */
    record Corner(int row, int column) {}

    /** A matrix, or its transpose, as a factor of a product. */
    record Operand(RowSource source, boolean transposed) {
        static Operand rowsOf(RowSource source) {
            return new Operand(source, false);
        }

        static Operand columnsOf(RowSource source) {
            return new Operand(source, true);
        }

        int rows() {
            return transposed ? source.columns() : source.rows();
        }

        int columns() {
            return transposed ? source.rows() : source.columns();
        }

        /** Copies the piece of {@code rows x columns} that begins at a place. */
        void copy(int row, int column, int rows, int columns, double[][] into, double[][] buffer) {
            if (!transposed) {
                for (int i = 0; i < rows; i++) {
                    source.copy(row + i, column, columns, into[i]);
                }
                return;
            }
            for (int j = 0; j < columns; j += ROWS_TRANSPOSED) {
                int count = Math.min(ROWS_TRANSPOSED, columns - j);
                for (int k = 0; k < count; k++) {
                    source.copy(column + j + k, row, rows, buffer[k]);
                }
                if (count == ROWS_TRANSPOSED) {
                    transpose(buffer, rows, into, j);
                } else {
                    for (int i = 0; i < rows; i++) {
                        for (int k = 0; k < count; k++) {
                            into[i][j + k] = buffer[k][i];
                        }
                    }
                }
            }
        }
    }

    /** Transposes {@link #ROWS_TRANSPOSED} rows. Written out, it takes half as long as a loop. */
    static void transpose(double[][] rows, int count, double[][] into, int at) {
        var row0 = rows[0];
        var row1 = rows[1];
        var row2 = rows[2];
        var row3 = rows[3];
        var row4 = rows[4];
        var row5 = rows[5];
        var row6 = rows[6];
        var row7 = rows[7];
        for (int i = 0; i < count; i++) {
            var target = into[i];
            target[at] = row0[i];
            target[at + 1] = row1[i];
            target[at + 2] = row2[i];
            target[at + 3] = row3[i];
            target[at + 4] = row4[i];
            target[at + 5] = row5[i];
            target[at + 6] = row6[i];
            target[at + 7] = row7[i];
        }
    }

    private final Corner place;
    private final int rows;
    private final int columns;

    /** Two rows per array, the second from {@link #SIZE} on: see {@link TileKernel}. */
    private final double[][] pairs;

    /** Creates a tile of zeros. */
    Tile(Corner place, int rows, int columns) {
        this.place = place;
        this.rows = rows;
        this.columns = columns;
        this.pairs = new double[(rows + 1) / 2][SIZE + columns];
    }

    /**
     * Returns the places of all tiles; for a symmetric matrix those on and above the diagonal. The
     * stream is parallel if there are several.
     */
    static Stream<Corner> grid(int rows, int columns, boolean symmetric) {
        if (rows <= SIZE && columns <= SIZE) {
            return Stream.of(new Corner(0, 0));
        }
        return steps(rows)
                .boxed()
                .flatMap(i -> steps(columns).filter(j -> !symmetric || j >= i).mapToObj(j -> new Corner(i, j)))
                .parallel();
    }

    /** Returns the first row of each row of tiles. */
    static IntStream steps(int size) {
        return IntStream.range(0, (size + SIZE - 1) / SIZE).map(i -> i * SIZE);
    }

    /** Computes the tile at a place of the product of two factors. */
    static Tile of(Operand left, Operand right, Corner place) {
        return of(left, right, place, false);
    }

    /**
     * Computes the tile at a place of a symmetric product of two factors; for a tile on the
     * diagonal only half is computed and then mirrored.
     */
    static Tile ofSymmetric(Operand left, Operand right, Corner place) {
        return of(left, right, place, place.row == place.column);
    }

    /**
     * Computes the tile at a place of the squared Euclidean distances of all pairs of rows, from
     * their differences. A tile on the diagonal is only valid above it.
     *
     * @param left the rows
     * @param right the same rows, transposed
     */
    static Tile ofSquaredDistances(Operand left, Operand right, Corner place) {
        return of(left, right, place, place.row == place.column, TileKernel.SQUARES);
    }

    private static Tile of(Operand left, Operand right, Corner place, boolean half) {
        var tile = of(left, right, place, half, TileKernel.PRODUCTS);
        if (half) {
            tile.mirror();
        }
        return tile;
    }

    private static Tile of(Operand left, Operand right, Corner place, boolean half, TileKernel kernel) {
        int rows = Math.min(SIZE, left.rows() - place.row);
        int columns = Math.min(SIZE, right.columns() - place.column);
        int terms = left.columns();
        var tile = new Tile(place, rows, columns);
        int depth = Math.min(TERMS, terms);
        // An even number of rows; the last row is zero if the tile has an odd number.
        var a = new double[2 * tile.pairs.length][depth];
        var b = new double[depth][columns];
        var buffer = new double[ROWS_TRANSPOSED][SIZE];
        for (int from = 0; from < terms; from += TERMS) {
            int count = Math.min(TERMS, terms - from);
            left.copy(place.row, from, rows, count, a, buffer);
            right.copy(from, place.column, count, columns, b, buffer);
            tile.add(kernel, a, b, 0, count, half);
        }
        return tile;
    }

    /** Fills the half below the diagonal. */
    void mirror() {
        for (int i = 1; i < rows; i++) {
            for (int j = 0; j < i; j++) {
                pairs[i / 2][start(i) + j] = get(j, i);
            }
        }
    }

    /** Adds the products from {@code fromTerm} up to but excluding {@code toTerm}. */
    void add(double[][] a, double[][] b, int fromTerm, int toTerm, boolean half) {
        add(TileKernel.PRODUCTS, a, b, fromTerm, toTerm, half);
    }

    private void add(TileKernel kernel, double[][] a, double[][] b, int fromTerm, int toTerm, boolean half) {
        for (int from = 0; from < pairs.length; from += PAIRS_AT_ONCE) {
            int to = Math.min(pairs.length, from + PAIRS_AT_ONCE);
            int first = half ? 2 * from : 0;
            int k = fromTerm;
            for (; k + 3 <= toTerm; k += 3) {
                kernel.addThree(a, from, to, k, b[k], b[k + 1], b[k + 2], first, columns, pairs);
            }
            for (; k < toTerm; k++) {
                kernel.addOne(a, from, to, k, b[k], first, columns, pairs);
            }
        }
    }

    Corner place() {
        return place;
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    double get(int row, int column) {
        return pairs[row / 2][start(row) + column];
    }

    /** Returns the start of a row in the array of its pair. */
    private static int start(int row) {
        return row % 2 * SIZE;
    }

    /** Copies a piece of a row. */
    void copyRow(int row, int from, int count, double[] into, int at) {
        System.arraycopy(pairs[row / 2], start(row) + from, into, at, count);
    }

    /** Copies the tile to its place, and for a symmetric matrix to the mirrored place, too. */
    void copyTo(DenseMatrix result, boolean symmetric) {
        for (int i = 0; i < rows; i++) {
            copyRow(i, 0, columns, result.row(place.row + i), place.column);
        }
        if (symmetric && place.row != place.column) {
            for (int j = 0; j < columns; j++) {
                var mirrored = result.row(place.column + j);
                for (int i = 0; i < rows; i++) {
                    mirrored[place.row + i] = get(i, j);
                }
            }
        }
    }

    /** Adds the tile to a matrix at its place. */
    void addTo(DenseMatrix sum) {
        for (int i = 0; i < rows; i++) {
            var row = sum.row(place.row + i);
            for (int j = 0; j < columns; j++) {
                row[place.column + j] += get(i, j);
            }
        }
    }

    /** Returns the sum of the products of corresponding values of two tiles of one size. */
    double dot(Tile other) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += Vectors.dot(pairs[i / 2], other.pairs[i / 2], start(i), start(i) + columns);
        }
        return sum;
    }
}
