package stir.backend.onnx.gradient;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import stir.backend.onnx.graph.StaticGraph;

/**
 * A pullback as two graphs, so that the cotangent may depend on the representation. The forward
 * graph saves the tensors that the backward graph needs, so that they are not computed twice.
 *
 * @param forward the graph from the input to {@link PassGraph#REPRESENTATION} and the saved tensors
 * @param backward the graph to {@link PassGraph#GRADIENT} from {@link PassGraph#COTANGENT}, the
 *     saved tensors and, if needed, the input and {@link PassGraph#REPRESENTATION}
 * @param saved names of tensors that are outputs of the forward and inputs of the backward graph
 */
public record SplitGraph(StaticGraph forward, StaticGraph backward, Set<String> saved) {
    /** Copies the names and keeps their order. */
    public SplitGraph {
        saved = Collections.unmodifiableSet(new LinkedHashSet<>(saved));
    }
}
