package stir.core.math.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GramTilesTest {
    // Sizes within one tile, over several, and larger than the terms that are read at once.
    @ParameterizedTest
    @CsvSource({"5, 3", "7, 300", "257, 20", "520, 2100"})
    void tilesComputedTogetherHaveTheBitsOfSingleTiles(int rows, int columns) {
        var random = new SplittableRandom(1);
        var wider = noise(rows, columns + 10, random);
        var x = noise(rows, columns, random);
        var places = Tile.grid(rows, rows, true).toArray(Tile.Corner[]::new);
        var together = GramTiles.at(places, wider, x)[1];
        for (int t = 0; t < places.length; t++) {
            var place = places[t];
            var alone = Tile.ofSymmetric(Tile.Operand.rowsOf(x), Tile.Operand.columnsOf(x), place);
            var whole = Tile.of(Tile.Operand.rowsOf(x), Tile.Operand.columnsOf(x), place);
            assertEquals(alone.rows(), together[t].rows());
            assertEquals(alone.columns(), together[t].columns());
            for (int i = 0; i < alone.rows(); i++) {
                for (int j = 0; j < alone.columns(); j++) {
                    assertEquals(whole.get(i, j), alone.get(i, j));
                    assertEquals(alone.get(i, j), together[t].get(i, j));
                }
            }
        }
    }

    private static DenseMatrix noise(int rows, int columns, SplittableRandom random) {
        var noise = DenseMatrix.zeros(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                noise.row(i)[j] = random.nextDouble() - 0.5;
            }
        }
        return noise;
    }
}
