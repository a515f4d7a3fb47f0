package stir.backend.onnx.rewrite;

import java.util.Map;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** A runtime that evaluates graphs and infers types. */
public interface GraphRuntime {
    /**
     * Returns the types of a model's outputs, as far as they follow from those of its inputs.
     *
     * @throws RefusedGraphException if the model is invalid
     */
    Map<String, TensorType> types(OnnxModel model);

    /**
     * Returns the values of the outputs of a model without inputs.
     *
     * @throws RefusedGraphException if the model is invalid
     */
    Map<String, Tensor> evaluate(OnnxModel model);
}
