package stir.core.inversion.search;

import stir.api.Batch;

import java.util.Arrays;

/**
 * Linear CKA {@code <K, L> / (|K| |L|)} of two representations X and Y of the same inputs, with the
 * centred Gram matrices {@code K = X X'} and {@code L = Y Y'}, and its derivatives by both. The
 * derivative by X is {@code 2 (L / (|K| |L|) - CKA K / |K|^2) X}.
 *
 * <p>Source of the measure: Kornblith et al., Similarity of Neural Network Representations
 * Revisited, ICML 2019. Holds scratch memory. Not thread-safe.
 */
public final class LinearCkaGradient {
    private final int rows;
    private final double[][] first;
    private final double[][] second;
    private final double[][] gramOfFirst;
    private final double[][] gramOfSecond;
    private final double[][] byFirst;
    private final double[][] bySecond;

    /**
     * Creates scratch memory.
     *
     * @param rows the inputs, at least 2
     * @param width the width of the first representation
     * @param otherWidth the width of the second representation
     */
    public LinearCkaGradient(int rows, int width, int otherWidth) {
        this.rows = rows;
        this.first = new double[rows][width];
        this.second = new double[rows][otherWidth];
        this.gramOfFirst = new double[rows][rows];
        this.gramOfSecond = new double[rows][rows];
        this.byFirst = new double[rows][width];
        this.bySecond = new double[rows][otherWidth];
    }

    /**
     * Returns the CKA, and computes its derivatives; NaN where it is undefined.
     *
     * @param x the first representations, at least as many rows as there are inputs; more are
     *     ignored
     * @param y the second representations, the same number of rows
     */
    public double differentiate(Batch x, Batch y) {
        gram(x, first, gramOfFirst);
        gram(y, second, gramOfSecond);
        double both = 0;
        double ofFirst = 0;
        double ofSecond = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                both += gramOfFirst[i][j] * gramOfSecond[i][j];
                ofFirst += gramOfFirst[i][j] * gramOfFirst[i][j];
                ofSecond += gramOfSecond[i][j] * gramOfSecond[i][j];
            }
        }
        double product = Math.sqrt(ofFirst) * Math.sqrt(ofSecond);
        double value = both / product;
        derive(gramOfSecond, 1 / product, gramOfFirst, value / ofFirst, first, byFirst);
        derive(gramOfFirst, 1 / product, gramOfSecond, value / ofSecond, second, bySecond);
        return value;
    }

    /** Centres the columns and computes the products of the rows. */
    private void gram(Batch batch, double[][] centred, double[][] gram) {
        int width = centred[0].length;
        for (int column = 0; column < width; column++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += batch.get(row, column);
            }
            for (int row = 0; row < rows; row++) {
                centred[row][column] = batch.get(row, column) - sum / rows;
            }
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j <= i; j++) {
                double dot = 0;
                for (int column = 0; column < width; column++) {
                    dot += centred[i][column] * centred[j][column];
                }
                gram[i][j] = dot;
                gram[j][i] = dot;
            }
        }
    }

    /** Computes a derivative, which needs no centring: the rows of both factors have the sum 0. */
    private void derive(
            double[][] towards,
            double factor,
            double[][] away,
            double otherFactor,
            double[][] centred,
            double[][] derivative) {
        for (int i = 0; i < rows; i++) {
            Arrays.fill(derivative[i], 0);
            for (int j = 0; j < rows; j++) {
                double share = 2 * (factor * towards[i][j] - otherFactor * away[i][j]);
                for (int column = 0; column < centred[j].length; column++) {
                    derivative[i][column] += share * centred[j][column];
                }
            }
        }
    }

    /** Writes derivatives by the first representation, from a row on; 0 past the last input. */
    public void writeFirst(int from, Batch cotangents) {
        write(byFirst, from, cotangents);
    }

    /** Writes derivatives by the second representation, as {@link #writeFirst}. */
    public void writeSecond(int from, Batch cotangents) {
        write(bySecond, from, cotangents);
    }

    /**
     * Adds derivatives by the first representation, times a factor, to the cotangents.
     *
     * @param from the first row
     */
    public void addFirst(int from, double factor, Batch cotangents) {
        for (int row = 0; row < cotangents.rows() && from + row < rows; row++) {
            for (int i = 0; i < cotangents.rowSize(); i++) {
                double more = factor * byFirst[from + row][i];
                cotangents.set(row, i, (float) (cotangents.get(row, i) + more));
            }
        }
    }

    private void write(double[][] derivative, int from, Batch cotangents) {
        for (int row = 0; row < cotangents.rows(); row++) {
            for (int i = 0; i < cotangents.rowSize(); i++) {
                cotangents.set(row, i, from + row < rows ? (float) derivative[from + row][i] : 0f);
            }
        }
    }
}
