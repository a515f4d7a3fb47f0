package stir.core.measure;

import java.util.function.IntToDoubleFunction;
import stir.api.Matrix;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.RowSource;
import stir.core.math.linalg.Vectors;
import stir.core.math.statistics.RowsOfInputs;

/**
 * Pointwise normalised kernel alignment (PNKA): how similarly two representations place one input
 * among all inputs.
 *
 * <pre>cos(K_i, L_i), K = AA', L = BB'</pre>
 *
 * with the columns of A and B centred. From -1 to 1; 1 if the input has the same relations to all
 * inputs. Unchanged by rotation, isotropic scaling and translation of either representation. Linear
 * CKA is at most the mean of these values, weighted by {@code |K_i| |L_i|}. Of an input with
 * several rows, the cosine is that of all its rows together. Source: Kolling, Speicher, Nanda,
 * Toneva and Gummadi 2023, Pointwise representational similarity, equation 1.
 */
public final class PointwiseAlignment {
    /** The number of rows whose dot products with all rows are held. */
    private static final int PART = 128;

    private PointwiseAlignment() {}

    /**
     * Computes one value per input.
     *
     * @param a one or several rows per input
     * @param b the same inputs
     * @param rows the rows of each input
     * @return NaN for an input that one of the representations places at the mean of all inputs
     */
    public static double[] of(Matrix a, Matrix b, RowsOfInputs rows) {
        var centredA = MappedRows.centred(a);
        var centredB = MappedRows.centred(b);
        var dots = new double[3][a.rows()];
        if (LinearCka.isWide(a.rows(), a.columns(), b.columns())) {
            fromGrams(centredA, centredB, dots);
        } else {
            fromProducts(centredA, Products.crossProduct(centredA, centredB), centredB, dots[0]);
            fromProducts(centredA, Products.crossProduct(centredA), centredA, dots[1]);
            fromProducts(centredB, Products.crossProduct(centredB), centredB, dots[2]);
        }
        var values = new double[rows.inputs()];
        for (int i = 0; i < values.length; i++) {
            int from = rows.start(i);
            int to = i + 1 < values.length ? rows.start(i + 1) : rows.rows();
            double scale = Math.sqrt(sum(dots[1], from, to)) * Math.sqrt(sum(dots[2], from, to));
            values[i] = scale > 0 ? Math.max(-1, Math.min(1, sum(dots[0], from, to) / scale)) : Double.NaN;
        }
        return values;
    }

    private static double sum(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }

    /** Computes {@code K_i L_i'}, {@code K_i K_i'} and {@code L_i L_i'} from rows of K and L. */
    private static void fromGrams(RowSource a, RowSource b, double[][] dots) {
        for (int from = 0; from < a.rows(); from += PART) {
            int count = Math.min(PART, a.rows() - from);
            var ofA = Products.rowProducts(a.range(from, count), a);
            var ofB = Products.rowProducts(b.range(from, count), b);
            set(dots[0], from, count, row -> ofA.dot(row, ofB, row));
            set(dots[1], from, count, row -> ofA.dot(row, ofA, row));
            set(dots[2], from, count, row -> ofB.dot(row, ofB, row));
        }
    }

    /** Computes {@code a_i M b_i'}: the same numbers from products over inputs. */
    private static void fromProducts(RowSource a, DenseMatrix products, RowSource b, double[] dots) {
        var rowOfB = new double[b.columns()];
        for (int from = 0; from < a.rows(); from += PART) {
            int count = Math.min(PART, a.rows() - from);
            int first = from;
            var mapped = Products.product(a.range(from, count), products);
            set(dots, from, count, row -> {
                b.copy(first + row, 0, rowOfB.length, rowOfB);
                return Vectors.dot(mapped.row(row), rowOfB);
            });
        }
    }

    private static void set(double[] dots, int from, int count, IntToDoubleFunction value) {
        for (int row = 0; row < count; row++) {
            dots[from + row] = value.applyAsDouble(row);
        }
    }
}
