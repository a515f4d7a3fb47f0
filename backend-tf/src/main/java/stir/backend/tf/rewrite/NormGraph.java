package stir.backend.tf.rewrite;

import static stir.backend.tf.graph.NodeBuilders.typed;

import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import stir.api.Norm;
import stir.api.Shape;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.graph.TensorName;

/**
 * The distance of representations from targets and its derivative, as nodes of a graph, by the same
 * formulas as {@link Norm}, in double precision.
 */
public final class NormGraph {
    /** The name of the representations, which are computed outside these nodes. */
    public static final String REPRESENTATIONS = "stir_representations";

    private final GraphDef.Builder nodes = GraphDef.newBuilder();
    private final String prefix;

    private NormGraph(String prefix) {
        this.prefix = prefix;
    }

    /**
     * Nodes with the names of their inputs and outputs.
     *
     * @param nodes the nodes to be added to the graph
     * @param targets the fed targets, in the representations' shape
     * @param distances one double per row
     * @param derivatives the derivatives with respect to the representations, in their shape; 0
     *     where the distance is 0
     */
    public record Added(GraphDef nodes, TensorName targets, TensorName distances, TensorName derivatives) {}

    /**
     * Returns the nodes for a norm.
     *
     * @param prefix the prefix of their names
     * @param row the shape of a representation
     */
    public static Added of(Norm norm, String prefix, Shape row) {
        return new NormGraph(prefix).build(norm, row);
    }

    private Added build(Norm norm, Shape row) {
        var targets = add(NodeBuilders.placeholder(next(), row));
        var rows = integers(NodeBuilders.shapeOf(2), -1, row.size());
        var differences = twice("Sub", matrix(REPRESENTATIONS, rows), matrix(targets, rows));
        var sizes = once("Abs", differences);
        var signs = once("Sign", differences);
        double p = norm.p();
        String distances;
        String derivatives;
        if (p == 1) {
            distances = reduce("Sum", sizes);
            derivatives = signs;
        } else if (p == 2) {
            distances = once("Sqrt", reduce("Sum", once("Square", differences)));
            derivatives = twice("DivNoNan", differences, distances);
        } else if (Double.isInfinite(p)) {
            distances = reduce("Max", sizes);
            derivatives = twice("Mul", signs, first(sizes, row.size()));
        } else {
            // scaled by the largest difference, since the powers would overflow
            var largest = reduce("Max", sizes);
            var scaled = twice("DivNoNan", sizes, largest);
            var power = reduce("Sum", twice("Pow", scaled, number(p)));
            distances = twice("Mul", largest, twice("Pow", power, number(1 / p)));
            var shares = twice("DivNoNan", sizes, distances);
            derivatives = twice("Mul", signs, twice("Pow", shares, number(p - 1)));
        }
        var vector = integers(NodeBuilders.shapeOf(1), -1);
        var numbers = reshape(DataType.DT_DOUBLE, distances, vector);
        var shape = add(typed("Shape", next(), DataType.DT_FLOAT, REPRESENTATIONS));
        var floats = add(NodeBuilders.cast(next(), DataType.DT_DOUBLE, DataType.DT_FLOAT, derivatives));
        var slopes = reshape(DataType.DT_FLOAT, floats, shape);
        return new Added(
                nodes.build(), new TensorName(targets, 0), new TensorName(numbers, 0), new TensorName(slopes, 0));
    }

    private String next() {
        return prefix + nodes.getNodeCount();
    }

    private String add(NodeDef node) {
        nodes.addNode(node);
        return node.getName();
    }

    private String add(NodeDef.Builder node) {
        return add(node.build());
    }

    /** Returns rows of doubles. */
    private String matrix(String floats, String rows) {
        var doubles = add(NodeBuilders.cast(next(), DataType.DT_FLOAT, DataType.DT_DOUBLE, floats));
        return reshape(DataType.DT_DOUBLE, doubles, rows);
    }

    private String reshape(DataType type, String values, String shape) {
        return add(typed("Reshape", next(), type, values, shape));
    }

    private String once(String operation, String values) {
        return add(typed(operation, next(), DataType.DT_DOUBLE, values));
    }

    private String twice(String operation, String left, String right) {
        return add(typed(operation, next(), DataType.DT_DOUBLE, left, right));
    }

    /** Returns one number per row, as a column. */
    private String reduce(String operation, String values) {
        var axis = integers(TensorShapeProto.getDefaultInstance(), 1);
        return add(typed(operation, next(), DataType.DT_DOUBLE, values, axis)
                .putAttr("keep_dims", NodeBuilders.flag(true)));
    }

    /** Returns 1 at the first largest value of each row, 0 elsewhere. */
    private String first(String values, int rowSize) {
        var scalar = TensorShapeProto.getDefaultInstance();
        var axis = integers(scalar, 1);
        var index = twice("ArgMax", values, axis);
        var width = integers(scalar, rowSize);
        var one = number(1);
        var zero = number(0);
        return add(typed("OneHot", next(), DataType.DT_DOUBLE, index, width, one, zero)
                .putAttr("axis", NodeBuilders.integer(-1)));
    }

    private String number(double value) {
        return add(NodeBuilders.number(next(), DataType.DT_DOUBLE, value));
    }

    private String integers(TensorShapeProto shape, int... values) {
        return add(NodeBuilders.integers(next(), shape, values));
    }
}
