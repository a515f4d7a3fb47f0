package stir.backend.onnx.gradient;

import stir.backend.onnx.graph.StaticGraph;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A pullback as two graphs, so that the cotangent may depend on the representation. Tensors that
 * the backward graph needs are saved by the forward graph instead of being computed again.
 *
 * @param forward from the input to {@link PassGraph#REPRESENTATION} and the saved tensors
 * @param backward to {@link PassGraph#GRADIENT} from {@link PassGraph#COTANGENT}, the saved tensors
 *     and, if needed, the input and {@link PassGraph#REPRESENTATION}
 * @param saved names of tensors that are outputs of the forward and inputs of the backward graph
 */
public record SplitGraph(StaticGraph forward, StaticGraph backward, Set<String> saved) {
    /** Copies the names and keeps their order. */
    public SplitGraph {
        saved = Collections.unmodifiableSet(new LinkedHashSet<>(saved));
    }
}
