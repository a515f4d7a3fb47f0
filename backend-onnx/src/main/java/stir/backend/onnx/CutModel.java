package stir.backend.onnx;

import java.nio.file.Path;
import java.util.Arrays;
import stir.api.DataException;
import stir.api.Shape;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.Narrowing;
import stir.backend.onnx.rewrite.RefusedGraphException;
import stir.backend.onnx.rewrite.Simplifier;
import stir.backend.onnx.rewrite.Specialiser;

/** A model cut at one tensor, for inputs of one shape and any number of rows. */
record CutModel(Path file, Sessions sessions, OnnxModel model, Sides sides, Shape input) {
    /** Returns the graph for a number of rows, with all its tensors. */
    StaticGraph specialise(int rows) {
        var searched = model.graph().inputs().values().iterator().next();
        var type = TensorType.of(searched.type(), dims(rows, input));
        try {
            return new Specialiser(sessions).specialise(sides.at(model, rows, input), type);
        } catch (RefusedGraphException | OnnxFormatException e) {
            throw new DataException(
                    "%s can't be run on inputs of shape %s: %s."
                            .formatted(
                                    file, input, String.valueOf(e.getMessage()).replaceFirst("\\.$", "")),
                    e);
        }
    }

    /** Returns the graph for a number of rows, reduced to the nodes on which the tensor depends. */
    StaticGraph simplify(int rows) {
        return Narrowing.narrow(Simplifier.simplify(specialise(rows)));
    }

    static int[] dims(int rows, Shape shape) {
        var dims = new int[shape.rank() + 1];
        dims[0] = rows;
        for (int i = 1; i < dims.length; i++) {
            dims[i] = shape.dimension(i - 1);
        }
        return dims;
    }

    /** Returns the shape of one row of a tensor. */
    static Shape rowShape(TensorType type) {
        var dims = type.toArray();
        return Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
    }
}
