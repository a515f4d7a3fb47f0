package stir.core.math.linalg;

import java.util.Arrays;

/**
 * An affine map from the rows of one matrix to those of another, fitted by ridge regression: {@code
 * y = b + (x - mean) W} with the smallest {@code |y - b - (x - mean) W|^2 + ridge |W|^2}.
 *
 * <p>The ridge is one of 15: 10, 10^0.5, 1 and so on to 1e-6 times the largest squared singular
 * value of the centred x. The one with the least error by generalised cross-validation is chosen,
 * the largest of equal ones:
 *
 * <pre>|y - H y|^2 / (n - trace H)^2</pre>
 *
 * where {@code H y} are the fitted values of the n rows, and the mean is part of H. Source: Golub,
 * Heath and Wahba 1979, Generalized cross-validation as a method for choosing a good ridge
 * parameter. Neither W nor any matrix of the features of both sides is computed, so that both may
 * be wide: the decomposition is that of rows or of features of x, whichever are fewer.
 */
public final class RidgeRegression {
    /** The largest and the smallest ridge, in half powers of ten. */
    private static final int LARGEST = 2;

    private static final int SMALLEST = -12;

    private final MappedRows from;
    private final DenseMatrix directions; // of the features, or of the rows if these are fewer
    private final DenseMatrix weights; // the predicted values along each direction
    private final double[] means;
    private final double ridge;

    private RidgeRegression(
            MappedRows from, DenseMatrix directions, DenseMatrix weights, double[] means, double ridge) {
        this.from = from;
        this.directions = directions;
        this.weights = weights;
        this.means = means;
        this.ridge = ridge;
    }

    /**
     * Fits a map.
     *
     * @param x the predicting rows, at least two
     * @param y the predicted rows, as many
     */
    public static RidgeRegression fit(RowSource x, RowSource y) {
        var from = MappedRows.centred(x);
        var to = MappedRows.centred(y);
        var space = ColumnSpace.of(from);
        var squares = Arrays.stream(space.singularValues())
                .map(value -> value * value)
                .toArray();
        var weights = Products.crossProduct(space.basis(), to);
        var explained = new double[squares.length];
        for (int j = 0; j < squares.length; j++) {
            explained[j] = weights.dot(j, weights, j);
        }
        int free = x.rows() - 1 - squares.length; // what no ridge can explain
        double outside = to.sumOfSquares() - Arrays.stream(explained).sum();
        double rest = free == 0 ? 0 : Math.max(0, outside);
        double scale = squares.length == 0 ? 0 : squares[0];
        double chosen = Math.pow(10, LARGEST / 2.0);
        double least = Double.POSITIVE_INFINITY;
        for (int half = LARGEST; half >= SMALLEST; half--) {
            double ridge = Math.pow(10, half / 2.0);
            double error = error(ridge * scale, squares, explained, rest, free);
            if (error < least) {
                chosen = ridge;
                least = error;
            }
        }
        for (int j = 0; j < squares.length; j++) {
            var row = weights.row(j);
            for (int k = 0; k < row.length; k++) {
                row[k] /= squares[j] + chosen * scale;
            }
        }
        var directions = isOfRows(from) ? space.basis() : Products.crossProduct(from, space.basis());
        return new RidgeRegression(from, directions, weights, to.means(), chosen);
    }

    /** Returns the error of a ridge, up to a factor. */
    private static double error(double ridge, double[] squares, double[] explained, double rest, int free) {
        double residuals = rest;
        double freedom = free;
        for (int j = 0; j < squares.length; j++) {
            double left = ridge / (squares[j] + ridge);
            residuals += left * left * explained[j];
            freedom += left;
        }
        return residuals / (freedom * freedom);
    }

    private static boolean isOfRows(RowSource from) {
        return from.rows() < from.columns();
    }

    /** Returns the chosen ridge, relative to the largest squared singular value: 1e-6 to 10. */
    public double ridge() {
        return ridge;
    }

    /** Maps rows with the columns of x to rows with those of y. */
    public DenseMatrix predict(RowSource rows) {
        var centred = from.alike(rows);
        var along = isOfRows(from)
                ? Products.product(Products.rowProducts(centred, from), directions)
                : Products.product(centred, directions);
        var predicted = Products.product(along, weights);
        for (int i = 0; i < predicted.rows(); i++) {
            var row = predicted.row(i);
            for (int j = 0; j < row.length; j++) {
                row[j] += means[j];
            }
        }
        return predicted;
    }
}
