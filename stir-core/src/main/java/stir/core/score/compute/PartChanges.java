package stir.core.score.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import stir.api.Matrix;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.RowSource;
import stir.core.math.linalg.SymmetricEigen;
import stir.core.measure.UnitMatches;
import stir.core.score.ChangedParts;

/** The changes of the parts of a representation from the inputs to their invariant inputs. */
final class PartChanges {
    /** Components are computed where rows or columns are at most this many: in about a second. */
    private static final int MOST = 512;

    /** The variance, relative to the largest, below which a component is taken for rounding. */
    private static final double ROUNDING = 1e-9;

    private final MappedRows before;
    private final RowSource change;
    private final double all; // the sum of the squares of the centred inputs' representations

    private PartChanges(Matrix before, Matrix after) {
        this.before = MappedRows.centred(before);
        this.change = new MatrixDifference(before, after);
        this.all = this.before.sumOfSquares();
    }

    /**
     * Returns the changes of all parts.
     *
     * @param before the target's representations of the inputs
     * @param after those of the invariant inputs
     * @param reference the reference's representations of the inputs, with the same rows; empty
     *     without them
     */
    static ChangedParts of(Matrix before, Matrix after, Optional<Matrix> reference) {
        var changes = new PartChanges(before, after);
        var squares = changes.change.squaresOfColumns();
        var components = changes.components();
        return new ChangedParts(
                components,
                changes.elsewhere(components, Arrays.stream(squares).sum()),
                changes.units(squares, reference));
    }

    private double relative(double squaresOfChange, double squaresOfInputs) {
        return squaresOfChange * (before.rows() - 1) / (2.0 * before.rows() * squaresOfInputs);
    }

    private List<ChangedParts.Component> components() {
        if (Math.min(before.rows(), before.columns()) > MOST) {
            return List.of();
        }
        boolean isWide = before.columns() > before.rows();
        var eigen = SymmetricEigen.of(isWide ? Products.gram(before) : Products.crossProduct(before));
        double largest = eigen.values()[0];
        int count = (int) IntStream.range(0, eigen.values().length)
                .takeWhile(i -> i < ChangedParts.MOST_COMPONENTS)
                .takeWhile(i -> eigen.values()[i] > ROUNDING * largest)
                .count();
        // Of wide layers, the change times the component is (change before') u / s.
        var along = isWide ? Products.rowProducts(change, before) : change;
        var projected = Products.rowProducts(along, eigen.vectors().range(0, count));
        var components = new ArrayList<ChangedParts.Component>();
        for (int i = 0; i < count; i++) {
            double squares = eigen.values()[i];
            double moved = squares(projected, i) / (isWide ? squares : 1);
            components.add(new ChangedParts.Component(squares / all, relative(moved, squares)));
        }
        return components;
    }

    private double elsewhere(List<ChangedParts.Component> components, double squaresOfChange) {
        double listed = 0;
        for (var one : components) {
            listed += one.change() * one.varianceShare() * all;
        }
        double share = listed * 2 * before.rows() / (before.rows() - 1) / squaresOfChange;
        return squaresOfChange > 0 ? Math.max(0, Math.min(1, 1 - share)) : 0;
    }

    private static double squares(DenseMatrix matrix, int column) {
        double sum = 0;
        for (int i = 0; i < matrix.rows(); i++) {
            sum += matrix.get(i, column) * matrix.get(i, column);
        }
        return sum;
    }

    private List<ChangedParts.ChangedUnit> units(double[] changed, Optional<Matrix> reference) {
        var squares = before.squaresOfColumns();
        int[] chosen = IntStream.range(0, squares.length)
                .filter(unit -> squares[unit] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(unit -> -changed[unit]))
                .limit(ChangedParts.MOST_UNITS)
                .mapToInt(Integer::intValue)
                .toArray();
        var matches = reference.map(of -> UnitMatches.of(columns(chosen), of, oneToOne(of)));
        var units = new ArrayList<ChangedParts.ChangedUnit>();
        for (int i = 0; i < chosen.length; i++) {
            int place = i;
            int unit = chosen[i];
            units.add(new ChangedParts.ChangedUnit(
                    unit,
                    squares[unit] / all,
                    relative(changed[unit], squares[unit]),
                    matches.map(of -> match(of, place, of.nearest(place))),
                    matches.filter(of -> of.partner(place) >= 0).map(of -> match(of, place, of.partner(place)))));
        }
        return units;
    }

    private boolean oneToOne(Matrix reference) {
        return Math.max(before.columns(), reference.columns()) <= ChangedParts.MOST_UNITS;
    }

    private static ChangedParts.Match match(UnitMatches matches, int place, int other) {
        return new ChangedParts.Match(other, matches.correlation(place, other));
    }

    private DenseMatrix columns(int[] chosen) {
        var columns = DenseMatrix.zeros(before.rows(), chosen.length);
        var row = new double[before.columns()];
        for (int i = 0; i < before.rows(); i++) {
            before.copy(i, 0, row.length, row);
            for (int j = 0; j < chosen.length; j++) {
                columns.set(i, j, row[chosen[j]]);
            }
        }
        return columns;
    }

    /** The differences of two matrices. */
    private record MatrixDifference(Matrix before, Matrix after) implements RowSource {
        @Override
        public int rows() {
            return before.rows();
        }

        @Override
        public int columns() {
            return before.columns();
        }

        @Override
        public void copy(int row, int from, int count, double[] into) {
            var first = new double[count];
            before.row(row, from, count, first);
            after.row(row, from, count, into);
            for (int j = 0; j < count; j++) {
                into[j] -= first[j];
            }
        }
    }
}
