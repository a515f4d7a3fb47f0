package stir.backend.onnx.gradient;

import stir.backend.onnx.graph.StaticGraph;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A pullback in two graphs, between which a cotangent can be chosen that depends on the
 * representation. What the way back needs of the way forward is handed over and not computed again.
 *
 * @param forward from the input to {@link PassGraph#REPRESENTATION} and to what is handed over
 * @param backward to {@link PassGraph#GRADIENT} from {@link PassGraph#COTANGENT}, from what is
 *     handed over and, if it needs them, from the input and {@link PassGraph#REPRESENTATION}
 * @param handedOver names of tensors, each an output of the one graph and an input of the other
 */
public record Halves(StaticGraph forward, StaticGraph backward, Set<String> handedOver) {
    /** Copies the names, their order kept. */
    public Halves {
        handedOver = Collections.unmodifiableSet(new LinkedHashSet<>(handedOver));
    }
}
