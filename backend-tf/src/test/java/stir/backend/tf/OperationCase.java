package stir.backend.tf;

import java.util.Random;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Tools to build a function of an input of 6x6x4 values with one operation under test. */
final class OperationCase {
    /** The function of the input. */
    interface Body extends Function<Operand<TFloat32>, Operand<TFloat32>> {}

    private final Graph graph;
    final Ops tf;

    OperationCase(Graph graph) {
        this.graph = graph;
        this.tf = Ops.create(graph);
    }

    GraphOperationBuilder op(String type) {
        return op(type, "tested");
    }

    GraphOperationBuilder op(String type, String name) {
        return graph.opBuilder(type, name, tf.scope());
    }

    Operand<TFloat32> weights(long... shape) {
        var random = new Random(5);
        var values = new float[(int) Shape.of(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 2;
        }
        return tf.reshape(tf.constant(values), tf.constant(shape));
    }

    Operand<TFloat32> positive(int size) {
        return tf.math.add(tf.math.square(weights(size)), tf.constant(0.5f));
    }

    Operand<TFloat32> apply(String type, Operand<?>... inputs) {
        var builder = op(type);
        for (Operand<?> input : inputs) {
            builder.addInput(input.asOutput());
        }
        return first(builder);
    }

    @SuppressWarnings("unchecked") // all tested operations return floats
    Operand<TFloat32> first(GraphOperationBuilder builder) {
        return (Operand<TFloat32>) (Operand<?>) builder.build().output(0);
    }
}
