package stir.core.math.linalg;

import java.util.stream.IntStream;

/**
 * Distances of two rows: 1 minus the cosine of their angle, or 1 minus Pearson's correlation. Rows
 * that are parallel up to the rounding of doubles have the distance 0.
 *
 * <p>The cosine is computed as {@code cos^2 = dot^2 / (squares squares)}, a function of sums of
 * products alone: where these are exact, as for integers, equal angles have equal distances. Where
 * the cosine is so close to 1 or -1 that {@code 1 - cos} would lose more than four digits, the sums
 * are computed again with twice the precision, and {@code (1 - cos^2) / (1 + cos)} is used.
 */
final class AngularDistances {
    /** Above this square of a cosine a distance is below 1.2e-4. */
    private static final double NEARLY_PARALLEL = 1 - 0x1p-12;

    /** An upper bound on the squared sine that rounding can produce for two parallel rows. */
    private static final double ROUNDING = 0x1p-102;

    private final MappedRows rows;
    private final boolean centred;

    /** The sum of each row; used only if rows are centred. */
    private final DoubleDouble[] sums;

    private final DoubleDouble[] squares;

    AngularDistances(MappedRows rows, boolean centred) {
        this.rows = rows;
        this.centred = centred;
        sums = new DoubleDouble[rows.rows()];
        squares = new DoubleDouble[rows.rows()];
        var row = new double[rows.columns()];
        for (int i = 0; i < sums.length; i++) {
            rows.copy(i, 0, row.length, row);
            sums[i] = DoubleDouble.sum(row, row.length);
            squares[i] = aboutMean(DoubleDouble.dot(row, row, row.length), sums[i], sums[i]);
        }
    }

    /**
     * Returns a dot product, or for centred rows the number of columns times the dot product about
     * the means.
     */
    private DoubleDouble aboutMean(DoubleDouble dot, DoubleDouble first, DoubleDouble second) {
        return centred ? dot.times(rows.columns()).minus(first.times(second)) : dot;
    }

    /** Replaces the dot products of all pairs by distances. */
    void replace(PairValues dots) {
        IntStream.range(0, sums.length).parallel().forEach(i -> replaceRow(i, dots));
    }

    private void replaceRow(int i, PairValues dots) {
        var values = dots.values();
        double[] row = null;
        var other = new double[0];
        int at = dots.index(i, i + 1);
        for (int j = i + 1; j < sums.length; j++, at++) {
            double dot = centred ? rows.columns() * values[at] - sums[i].high() * sums[j].high() : values[at];
            double squared = dot * dot / (squares[i].high() * squares[j].high());
            if (squared < NEARLY_PARALLEL) {
                values[at] = 1 - Math.copySign(Math.sqrt(squared), dot);
            } else {
                if (row == null) {
                    row = new double[rows.columns()];
                    other = new double[rows.columns()];
                    rows.copy(i, 0, row.length, row);
                }
                rows.copy(j, 0, other.length, other);
                double distance = precisely(i, row, j, other);
                values[at] = dot > 0 ? distance : 2 - distance;
            }
        }
    }

    /**
     * Returns the distance of two rows that point in nearly the same, or nearly the opposite,
     * direction.
     */
    private double precisely(int i, double[] row, int j, double[] other) {
        var dot = aboutMean(DoubleDouble.dot(row, other, row.length), sums[i], sums[j]);
        var product = squares[i].times(squares[j]);
        double sineSquared = product.minus(dot.times(dot)).over(product);
        return sineSquared < ROUNDING ? 0 : sineSquared / (1 + Math.sqrt(1 - sineSquared));
    }
}
