package stir.backend.tf;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

import stir.api.Norm;

/**
 * The distance of representations from targets and its derivative, as nodes of a graph, by the same
 * formulas as {@link Norm}, in double precision.
 *
 * @param distances one number a row
 * @param derivatives by the representations, in their shape; 0 where the distance is 0
 */
record NormGraph(Operand<TFloat64> distances, Operand<TFloat32> derivatives) {
    /**
     * Adds the nodes.
     *
     * @param rowSize the number of values of a row
     */
    static NormGraph add(
            Ops tf,
            Operand<TFloat32> representations,
            Operand<TFloat32> targets,
            int rowSize,
            Norm norm) {
        var rows = tf.array(-1, rowSize);
        var differences =
                tf.math.sub(
                        tf.reshape(tf.dtypes.cast(representations, TFloat64.class), rows),
                        tf.reshape(tf.dtypes.cast(targets, TFloat64.class), rows));
        var sizes = tf.math.abs(differences);
        var signs = tf.math.sign(differences);
        double p = norm.p();
        Operand<TFloat64> distances;
        Operand<TFloat64> derivatives;
        if (p == 1) {
            distances = sum(tf, sizes);
            derivatives = signs;
        } else if (p == 2) {
            distances = tf.math.sqrt(sum(tf, tf.math.square(differences)));
            derivatives = tf.math.divNoNan(differences, distances);
        } else if (Double.isInfinite(p)) {
            distances = max(tf, sizes);
            var first =
                    tf.oneHot(
                            tf.math.argMax(sizes, tf.constant(1)),
                            tf.constant(rowSize),
                            tf.constant(1.0),
                            tf.constant(0.0));
            derivatives = tf.math.mul(signs, first);
        } else {
            // scaled by the largest difference, or the powers overflow
            var largest = max(tf, sizes);
            var scaled = tf.math.divNoNan(sizes, largest);
            var power = sum(tf, tf.math.pow(scaled, tf.constant(p)));
            distances = tf.math.mul(largest, tf.math.pow(power, tf.constant(1 / p)));
            derivatives =
                    tf.math.mul(
                            signs,
                            tf.math.pow(tf.math.divNoNan(sizes, distances), tf.constant(p - 1)));
        }
        return new NormGraph(
                tf.reshape(distances, tf.array(-1)),
                tf.reshape(tf.dtypes.cast(derivatives, TFloat32.class), tf.shape(representations)));
    }

    private static Operand<TFloat64> sum(Ops tf, Operand<TFloat64> rows) {
        return tf.reduceSum(rows, tf.constant(1), ReduceSum.keepDims(true));
    }

    private static Operand<TFloat64> max(Ops tf, Operand<TFloat64> rows) {
        return tf.reduceMax(rows, tf.constant(1), ReduceMax.keepDims(true));
    }
}
