package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Matrix;
import stir.core.measure.Golden;
import stir.core.score.ChangedParts;

class PartChangesTest {
    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D"})
    void valuesAreThoseOfNumPy(String name) {
        var pair = Golden.pair(name);
        var parts = PartChanges.of(pair.x(), neighbouring(pair.x()), Optional.of(pair.y()));
        var components = Golden.ofInputs("component", name);
        assertEquals(components.size(), parts.components().size());
        for (int i = 0; i < components.size(); i++) {
            var cells = components.get(i);
            assertEquals(number(cells[3]), parts.components().get(i).varianceShare(), 1e-12);
            assertEquals(number(cells[4]), parts.components().get(i).change(), 1e-9);
        }
        // All components of the pairs are listed, and inputs change among themselves.
        assertEquals(0, parts.elsewhere(), 1e-9);
        var units = Golden.ofInputs("unit", name);
        var matches = Golden.ofInputs("match", name);
        assertEquals(units.size(), parts.units().size());
        for (var unit : parts.units()) {
            var cells = units.get(unit.index());
            assertEquals(number(cells[3]), unit.varianceShare(), 1e-12);
            assertEquals(number(cells[4]), unit.change(), 1e-12);
            assertMatch(matches.get(unit.index()), 3, unit.nearest());
            assertMatch(matches.get(unit.index()), 5, unit.partner());
        }
    }

    private static void assertMatch(String[] cells, int at, Optional<ChangedParts.Match> match) {
        int unit = Integer.parseInt(cells[at]);
        assertEquals(unit, match.map(ChangedParts.Match::unit).orElse(-1));
        if (unit >= 0) {
            assertEquals(number(cells[at + 1]), match.orElseThrow().correlation(), 1e-12);
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }

    /** Returns the mean of each row and the next. */
    private static Matrix neighbouring(Matrix matrix) {
        var values = new double[matrix.rows() * matrix.columns()];
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                values[i * matrix.columns() + j] = (matrix.get(i, j) + matrix.get((i + 1) % matrix.rows(), j)) / 2;
            }
        }
        return Matrix.of(matrix.rows(), matrix.columns(), values);
    }

    @Test
    void unitsThatChangeMostComeFirstAndNoMoreAreKept() {
        var random = new Random(4);
        var before = random.doubles(30L * 400).toArray();
        var after = before.clone();
        for (int i = 0; i < 30; i++) {
            after[i * 400 + 5] += 3;
            before[i * 400 + 6] = 1; // constant
            after[i * 400 + 6] = 2;
        }
        var parts = PartChanges.of(Matrix.of(30, 400, before), Matrix.of(30, 400, after), Optional.empty());
        assertEquals(ChangedParts.MOST_UNITS, parts.units().size());
        assertEquals(5, parts.units().get(0).index());
        assertTrue(parts.units().stream().noneMatch(unit -> unit.index() == 6));
        assertTrue(parts.units().get(0).nearest().isEmpty());
        assertEquals(29, parts.components().size());
        // Components are of 30 inputs: the constant change of one unit of 400 is hardly among them.
        assertTrue(parts.elsewhere() > 0.8, "elsewhere: " + parts.elsewhere());
    }

    @Test
    void equalInputsHaveNoParts() {
        var equal = Matrix.of(3, 2, new double[] {1, 2, 1, 2, 1, 2});
        var parts = PartChanges.of(equal, equal, Optional.of(equal));
        assertTrue(parts.components().isEmpty());
        assertTrue(parts.units().isEmpty());
    }
}
