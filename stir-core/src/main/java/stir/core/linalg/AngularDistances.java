package stir.core.linalg;

import java.util.stream.IntStream;

/**
 * 1 minus the cosine of the angle, or Pearson's correlation, of two rows. Rows that are parallel up
 * to the rounding of doubles have the distance 0.
 *
 * <p>It is found from {@code cos^2 = dot^2 / (squares squares)}, a function of sums of products
 * alone: where these are exact, as of whole numbers, equal angles have equal distances. Where the
 * cosine is so near to 1 or -1 that {@code 1 - cos} would lose more than four digits, the sums are
 * computed anew with twice the precision, and {@code (1 - cos^2) / (1 + cos)} is taken.
 */
final class AngularDistances {
    /** Above this square of a cosine a distance is below 1.2e-4. */
    private static final double NEARLY_PARALLEL = 1 - 0x1p-12;

    /** The squared sine of an angle that the rounding of two parallel rows could make, and more. */
    private static final double ROUNDING = 0x1p-102;

    private final AffineRows rows;
    private final boolean centred;

    /** The sum of each row, or zeros if the mean is to stay. */
    private final DoubleDouble[] sums;

    private final DoubleDouble[] squares;

    AngularDistances(AffineRows rows, boolean centred) {
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

    /** A sum of products as it is, or the number of columns times what it is about the means. */
    private DoubleDouble aboutMean(DoubleDouble dot, DoubleDouble first, DoubleDouble second) {
        return centred ? dot.times(rows.columns()).minus(first.times(second)) : dot;
    }

    /** Turns the dot products of all pairs into distances. */
    void replace(PairValues dots) {
        IntStream.range(0, sums.length).parallel().forEach(i -> replaceRow(i, dots));
    }

    private void replaceRow(int i, PairValues dots) {
        var values = dots.values();
        double[] row = null;
        var other = new double[0];
        int at = dots.index(i, i + 1);
        for (int j = i + 1; j < sums.length; j++, at++) {
            double dot =
                    centred
                            ? rows.columns() * values[at] - sums[i].high() * sums[j].high()
                            : values[at];
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

    /** The distance of two rows that point in nearly the same direction, or nearly the opposite. */
    private double precisely(int i, double[] row, int j, double[] other) {
        var dot = aboutMean(DoubleDouble.dot(row, other, row.length), sums[i], sums[j]);
        var product = squares[i].times(squares[j]);
        double sineSquared = product.minus(dot.times(dot)).over(product);
        return sineSquared < ROUNDING ? 0 : sineSquared / (1 + Math.sqrt(1 - sineSquared));
    }
}
