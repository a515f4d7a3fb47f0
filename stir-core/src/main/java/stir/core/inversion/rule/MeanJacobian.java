package stir.core.inversion.rule;

import stir.core.linalg.DenseMatrix;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.stream.IntStream;

/**
 * What {@link MultiSecant} knows of an input's Jacobian before its first pass: the leading rows of
 * the mean of others, pairs of a cotangent u and {@code g = J'u} of norm 1 as in {@link
 * SecantPairs}, and the ridge of each. Immutable.
 */
final class MeanJacobian {
    /** So many leading singular directions are looked at: more cost more than they bring. */
    static final int MOST_PAIRS = 10;

    /**
     * The ridge of a pair in terms of {@code 1 / cos^2 - 1}, the squared error of a row of the mean
     * as a guess at a row of one Jacobian, whose cosine is cos.
     */
    private static final double RIDGE = 0.02;

    /** A smaller squared cosine is chance. */
    private static final double LEAST_SQUARED_COSINE = 1e-3;

    private final float[][] cotangents;
    private final float[][] gradients;
    private final double[] ridges;

    private MeanJacobian(float[][] cotangents, float[][] gradients, double[] ridges) {
        this.cotangents = cotangents;
        this.gradients = gradients;
        this.ridges = ridges;
    }

    /** Knows nothing. */
    static MeanJacobian none() {
        return new MeanJacobian(new float[0][], new float[0][], new double[0]);
    }

    /** The number of pairs. */
    int count() {
        return ridges.length;
    }

    /** A pair's u; shared, not to be written. */
    float[] cotangent(int pair) {
        return cotangents[pair];
    }

    /** A pair's g; shared, not to be written. */
    float[] gradient(int pair) {
        return gradients[pair];
    }

    /** What a pair is damped with. */
    double ridge(int pair) {
        return ridges[pair];
    }

    /**
     * The pairs of a mean that foretell the Jacobians at other points.
     *
     * @param directions leading left singular vectors u of the mean Jacobian, one a row
     * @param rows {@code J'u} of the mean, one a row for each direction
     * @param elsewhere {@code J'u} at other points, for all directions at the first one, then at
     *     the next
     */
    static MeanJacobian of(DenseMatrix directions, DenseMatrix rows, DenseMatrix elsewhere) {
        int count = directions.rows();
        int points = elsewhere.rows() / count;
        var ridges = new double[count];
        for (int pair = 0; pair < count; pair++) {
            double along = 0;
            double squares = 0;
            double norm = rows.norm(pair);
            for (int point = 0; point < points; point++) {
                int row = point * count + pair;
                along += rows.dot(pair, elsewhere, row) / norm / points;
                squares += elsewhere.dot(row, elsewhere, row) / points;
            }
            double squaredCosine = Math.min(1, along * along / squares);
            boolean foretells = along > 0 && squaredCosine > LEAST_SQUARED_COSINE;
            ridges[pair] = foretells ? RIDGE * (1 / squaredCosine - 1) : Double.POSITIVE_INFINITY;
        }
        var kept =
                IntStream.range(0, count)
                        .filter(pair -> ridges[pair] < Double.POSITIVE_INFINITY)
                        .toArray();
        var cotangents = new float[kept.length][];
        var gradients = new float[kept.length][];
        for (int i = 0; i < kept.length; i++) {
            double norm = rows.norm(kept[i]);
            cotangents[i] = scaled(directions.row(kept[i]), 1 / norm);
            gradients[i] = scaled(rows.row(kept[i]), 1 / norm);
        }
        return new MeanJacobian(
                cotangents, gradients, IntStream.of(kept).mapToDouble(i -> ridges[i]).toArray());
    }

    /** Writes the pairs and their ridges. */
    void write(DataOutput out) throws IOException {
        StoredRows.write(cotangents, out);
        StoredRows.write(gradients, out);
        for (double ridge : ridges) {
            out.writeDouble(ridge);
        }
    }

    /** Reads what {@link #write} wrote. */
    static MeanJacobian read(DataInput in) throws IOException {
        var cotangents = StoredRows.read(in);
        var gradients = StoredRows.read(in);
        var ridges = new double[cotangents.length];
        for (int pair = 0; pair < ridges.length; pair++) {
            ridges[pair] = in.readDouble();
        }
        return new MeanJacobian(cotangents, gradients, ridges);
    }

    private static float[] scaled(double[] values, double factor) {
        var scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (values[i] * factor);
        }
        return scaled;
    }
}
