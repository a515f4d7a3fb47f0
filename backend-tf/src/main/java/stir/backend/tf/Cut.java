package stir.backend.tf;

import java.util.List;
import java.util.OptionalInt;
import stir.api.Shape;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.TensorName;
import stir.backend.tf.saved.SideInput;

/**
 * A graph that ends at a hook.
 *
 * @param graph the graph, whose placeholder has the shape of inputs
 * @param input the placeholder
 * @param sides the side inputs; those without a node are not fed
 * @param hook the tensor with the representations
 * @param row the shape of one representation, as far as it can be inferred
 * @param batch the batch size if the model fixes it
 */
record Cut(
        FlatGraph graph,
        String input,
        List<SideInput> sides,
        TensorName hook,
        Shape inputRow,
        Shape row,
        OptionalInt batch) {}
