package stir.core.math.linalg;

import java.util.Arrays;

/**
 * All tiles of a Gram matrix {@code x x'} on and above its diagonal. Each value of x is read once
 * instead of once per tile; in exchange all tiles are held. The bits are those of {@link
 * Tile#ofSymmetric}.
 */
final class GramTiles {
    /**
     * The number of terms of all rows that are read at once; a multiple of {@link Tile#TERMS}. More
     * take longer, since memory that is used for the first time costs as much as the products.
     */
    private static final int PANEL_TERMS = 2 * Tile.TERMS;

    private GramTiles() {}

    /** Computes the tiles at some places of the Gram matrix of each of some sources. */
    static Tile[][] at(Tile.Corner[] places, RowSource... sources) {
        int rows = sources[0].rows();
        int most = Arrays.stream(sources).mapToInt(RowSource::columns).max().orElseThrow();
        var panels = Tile.steps(rows)
                .mapToObj(row -> new Panel(row, size(rows, row), Math.min(PANEL_TERMS, most)))
                .toArray(Panel[]::new);
        return Arrays.stream(sources).map(source -> at(places, source, panels)).toArray(Tile[][]::new);
    }

    private static Tile[] at(Tile.Corner[] places, RowSource x, Panel[] panels) {
        var tiles = Arrays.stream(places)
                .map(place -> new Tile(place, size(x.rows(), place.row()), size(x.rows(), place.column())))
                .toArray(Tile[]::new);
        for (int from = 0; from < x.columns(); from += PANEL_TERMS) {
            int first = from;
            int terms = Math.min(PANEL_TERMS, x.columns() - from);
            Arrays.stream(panels).parallel().forEach(panel -> panel.read(x, first, terms));
            Arrays.stream(tiles).parallel().forEach(tile -> add(tile, panels, terms));
        }
        Arrays.stream(tiles).filter(GramTiles::onDiagonal).forEach(Tile::mirror);
        return tiles;
    }

    private static int size(int rows, int from) {
        return Math.min(Tile.SIZE, rows - from);
    }

    private static boolean onDiagonal(Tile tile) {
        return tile.place().row() == tile.place().column();
    }

    private static void add(Tile tile, Panel[] panels, int terms) {
        var left = panels[tile.place().row() / Tile.SIZE];
        var right = panels[tile.place().column() / Tile.SIZE];
        for (int from = 0; from < terms; from += Tile.TERMS) {
            int to = Math.min(terms, from + Tile.TERMS);
            tile.add(left.rows, right.columns, from, to, onDiagonal(tile));
        }
    }

    /** Some rows of a matrix and some of their terms, as rows and as columns. */
    private static final class Panel {
        private final int row;
        private final int count;
        private final double[][] rows;
        private final double[][] columns;

        Panel(int row, int count, int terms) {
            this.row = row;
            this.count = count;
            this.rows = new double[count + count % 2][terms];
            this.columns = new double[terms][count];
        }

        void read(RowSource source, int from, int terms) {
            for (int i = 0; i < count; i++) {
                source.copy(row + i, from, terms, rows[i]);
            }
            int k = 0;
            for (; k + Tile.ROWS_TRANSPOSED <= count; k += Tile.ROWS_TRANSPOSED) {
                Tile.transpose(Arrays.copyOfRange(rows, k, k + Tile.ROWS_TRANSPOSED), terms, columns, k);
            }
            for (; k < count; k++) {
                for (int term = 0; term < terms; term++) {
                    columns[term][k] = rows[k][term];
                }
            }
        }
    }
}
