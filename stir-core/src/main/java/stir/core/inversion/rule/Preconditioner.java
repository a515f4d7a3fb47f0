package stir.core.inversion.rule;

import org.jspecify.annotations.Nullable;

import stir.api.DataException;
import stir.core.linalg.Cholesky;
import stir.core.linalg.DenseMatrix;
import stir.core.linalg.Vectors;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Makes cotangents of residuals: {@code u = W r}, and 0 where r is 0. A network's Jacobian has a
 * few large singular directions that hide the others; W, made of a mean {@code C = J J'}, evens
 * them out: {@code W = (1 + mu) (C / mean(diag C) + mu I)^-1}. Immutable.
 *
 * <p>A unit whose r is exactly 0 is off in both inputs behind a ReLU; W would switch it on.
 */
final class Preconditioner {
    /** The share of the identity, which keeps the smallest directions at bay. */
    private static final double MU = 1;

    private final float @Nullable [][] weights;

    private Preconditioner(float @Nullable [][] weights) {
        this.weights = weights;
    }

    /** The one that takes residuals as they are. */
    static Preconditioner identity() {
        return new Preconditioner(null);
    }

    /**
     * A preconditioner for what is known of the Jacobians.
     *
     * @param jacobians a sum of {@code J J'}, symmetric
     * @throws DataException if it is not finite
     */
    static Preconditioner of(DenseMatrix jacobians) {
        int width = jacobians.rows();
        double trace = jacobians.trace();
        if (trace == 0) {
            return identity(); // flat where it was looked at: nothing is known
        }
        var matrix = new double[width * width];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                matrix[i * width + j] = jacobians.get(i, j) / (trace / width) + (i == j ? MU : 0);
            }
        }
        var system = new Cholesky(width);
        if (!system.factor(matrix, width)) {
            throw new DataException(
                    "The reference's gradients are NaN or infinite for the first inputs: its weights may hold NaN, or its preprocessing may not fit.");
        }
        var weights = new float[width][width];
        var column = new double[width];
        for (int i = 0; i < width; i++) {
            Arrays.fill(column, 0);
            column[i] = 1 + MU;
            system.solve(column);
            for (int j = 0; j < width; j++) {
                weights[i][j] = (float) column[j];
            }
        }
        return new Preconditioner(weights);
    }

    /** Writes the preconditioner: how many rows, none for the identity, then their values. */
    void write(DataOutput out) throws IOException {
        StoredRows.write(weights == null ? new float[0][] : weights, out);
    }

    /** Reads what {@link #write} wrote. */
    static Preconditioner read(DataInput in) throws IOException {
        var weights = StoredRows.read(in);
        return weights.length == 0 ? identity() : new Preconditioner(weights);
    }

    /** Writes the cotangent of a residual. */
    void apply(float[] residual, float[] cotangent) {
        if (weights == null) {
            System.arraycopy(residual, 0, cotangent, 0, residual.length);
            return;
        }
        Arrays.fill(cotangent, 0);
        for (int i = 0; i < residual.length; i++) {
            if (residual[i] != 0) {
                Vectors.addMultiple(residual[i], weights[i], cotangent);
            }
        }
        for (int i = 0; i < residual.length; i++) {
            if (residual[i] == 0) {
                cotangent[i] = 0;
            }
        }
    }
}
