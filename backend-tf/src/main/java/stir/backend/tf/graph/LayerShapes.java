package stir.backend.tf.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.support.TensorSize;

/**
 * The shapes of a graph's tensors for one input shape, by TensorFlow's own shape inference.
 *
 * <p>Shapes are inferred for two batch sizes. A tensor has one row per input if its first dimension
 * equals the batch size both times and the others stay the same; other tensors (weights; windows of
 * an image counted as rows) do not represent single inputs.
 */
public final class LayerShapes {
    private static final int[] BATCHES = {3, 5};

    private final List<Map<String, Shape>> inferred = new ArrayList<>();
    private final int[] batches;

    /**
     * Infers the shapes.
     *
     * @param inputs the shapes of the placeholders for a number of rows, by name
     * @param fixedBatch the batch size if the model fixes it
     * @throws DataException if inputs of this shape don't fit the graph
     */
    public LayerShapes(FlatGraph graph, IntFunction<Map<String, TensorShapeProto>> inputs, OptionalInt fixedBatch) {
        batches = fixedBatch.isPresent() ? new int[] {fixedBatch.getAsInt()} : BATCHES;
        for (int batch : batches) {
            inferred.add(infer(withInputs(graph, inputs.apply(batch))));
        }
    }

    /** Returns the graph with placeholders of other shapes, by their names. */
    public static FlatGraph withInputs(FlatGraph graph, Map<String, TensorShapeProto> shapes) {
        var nodes = new ArrayList<NodeDef>();
        for (NodeDef node : graph.nodes().values()) {
            var shape = shapes.get(node.getName());
            nodes.add(
                    shape == null
                            ? node
                            : node.toBuilder()
                                    .putAttr("shape", NodeBuilders.shape(shape))
                                    .build());
        }
        return graph.with(nodes);
    }

    /**
     * Returns the shapes of all tensors, by their names with an index.
     *
     * @throws DataException if they are inconsistent
     */
    static Map<String, Shape> infer(FlatGraph flat) {
        var shapes = new LinkedHashMap<String, Shape>();
        try (var graph = new Graph()) {
            graph.importGraphDef(flat.toGraphDef());
            for (var all = graph.operations(); all.hasNext(); ) {
                var operation = all.next();
                for (int i = 0; i < operation.numOutputs(); i++) {
                    var name = new TensorName(operation.name(), i).toString();
                    shapes.put(name, operation.output(i).shape());
                }
            }
        } catch (RuntimeException e) { // TensorFlow's exceptions have no other common supertype
            throw new DataException(
                    "The model does not accept inputs of this shape (%s): use the shape that it was built for."
                            .formatted(TensorFlowMessages.reason(e)),
                    e,
                    Remedy.GIVE_SHAPE);
        }
        shapes.forEach(LayerShapes::requireSize);
        return shapes;
    }

    /** Checks the size of a tensor before it is computed. */
    private static void requireSize(String tensor, Shape shape) {
        if (!shape.isUnknown() && TensorSize.exceeds(shape.toListOrNull(), TensorSize.MAX_CONSTANT)) {
            throw new DataException(
                    "The tensor '%s' is %s, which exceeds the limit of %d values: export the model again."
                            .formatted(tensor, shape, TensorSize.MAX_CONSTANT));
        }
    }

    /** Returns the shape of a tensor's rows; empty if it does not have one row per input. */
    public Optional<stir.api.Shape> row(TensorName tensor) {
        Shape first = inferred.get(0).getOrDefault(tensor.toString(), Shape.unknown());
        if (first.isUnknown()) {
            return Optional.of(stir.api.Shape.of());
        }
        for (int i = 0; i < batches.length; i++) {
            Shape shape = inferred.get(i).getOrDefault(tensor.toString(), Shape.unknown());
            if (shape.numDimensions() < 1
                    || (shape.get(0) != batches[i] && shape.get(0) != Shape.UNKNOWN_SIZE)
                    || !shape.tail().equals(first.tail())) {
                return Optional.empty();
            }
        }
        var dimensions = new int[first.numDimensions() - 1];
        for (int i = 0; i < dimensions.length; i++) {
            long size = first.get(i + 1);
            if (size == 0) {
                return Optional.empty();
            }
            dimensions[i] = size < 0 ? stir.api.Shape.UNKNOWN : Math.toIntExact(size);
        }
        return Optional.of(stir.api.Shape.of(dimensions));
    }
}
