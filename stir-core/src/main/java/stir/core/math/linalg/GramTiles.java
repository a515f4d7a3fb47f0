package stir.core.math.linalg;

import java.util.Arrays;

/**
 * All tiles of a Gram matrix {@code x x'} on and above its diagonal. Each value of x is read once
 * instead of once per tile; in exchange all tiles are held. The bits are those of {@link
 * Tile#ofSymmetric}.
 */
final class GramTiles {
    /** The number of terms of all rows that are read at once; a multiple of {@link Tile#TERMS}. */
    private static final int PANEL_TERMS = 8 * Tile.TERMS;

    private GramTiles() {}

    /** Computes the tiles at some places. */
    static Tile[] at(Tile.Place[] places, RowSource x) {
        var tiles =
                Arrays.stream(places)
                        .map(
                                place ->
                                        new Tile(
                                                place,
                                                size(x, place.row()),
                                                size(x, place.column())))
                        .toArray(Tile[]::new);
        var panels =
                Tile.steps(x.rows())
                        .mapToObj(row -> new Panel(x, row, Math.min(PANEL_TERMS, x.columns())))
                        .toArray(Panel[]::new);
        for (int from = 0; from < x.columns(); from += PANEL_TERMS) {
            int first = from;
            int terms = Math.min(PANEL_TERMS, x.columns() - from);
            Arrays.stream(panels).parallel().forEach(panel -> panel.read(first, terms));
            Arrays.stream(tiles).parallel().forEach(tile -> add(tile, panels, terms));
        }
        Arrays.stream(tiles).filter(GramTiles::onDiagonal).forEach(Tile::mirror);
        return tiles;
    }

    private static int size(RowSource x, int from) {
        return Math.min(Tile.SIZE, x.rows() - from);
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
        private final RowSource source;
        private final int row;
        private final int count;
        private final double[][] rows;
        private final double[][] columns;

        Panel(RowSource source, int row, int terms) {
            this.source = source;
            this.row = row;
            this.count = size(source, row);
            this.rows = new double[count + count % 2][terms];
            this.columns = new double[terms][count];
        }

        void read(int from, int terms) {
            for (int i = 0; i < count; i++) {
                source.copy(row + i, from, terms, rows[i]);
            }
            int k = 0;
            for (; k + Tile.ROWS_TRANSPOSED <= count; k += Tile.ROWS_TRANSPOSED) {
                Tile.transpose(
                        Arrays.copyOfRange(rows, k, k + Tile.ROWS_TRANSPOSED), terms, columns, k);
            }
            for (; k < count; k++) {
                for (int term = 0; term < terms; term++) {
                    columns[term][k] = rows[k][term];
                }
            }
        }
    }
}
