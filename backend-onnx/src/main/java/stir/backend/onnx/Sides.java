package stir.backend.onnx;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.support.WholeNumbers;
import stir.api.support.Words;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** The side inputs of a model, by the names of its graph's inputs. */
record Sides(SideInputs inputs) {
    /**
     * Returns the model with the searched input as the first one, and only the given ones next to
     * it.
     *
     * @param file the model's, for messages
     * @param model prepared
     * @param all the types of all inputs in the file, also of those that the network does not use
     */
    OnnxModel choose(String file, OnnxModel model, Map<String, TensorType> all) {
        var types = model.graph().inputs();
        var real = new LinkedHashSet<String>();
        for (var one : types.entrySet()) {
            if (all.getOrDefault(one.getKey(), one.getValue()).type().isReal()) {
                real.add(one.getKey());
            }
        }
        var idle = new LinkedHashSet<>(all.keySet());
        idle.removeAll(types.keySet());
        // A network of token ids has no real input: its ids are given in pairs.
        var searchable = real.isEmpty() ? types.keySet() : real;
        var searched = inputs.choose(file, all.keySet(), searchable, idle);
        var ordered = new LinkedHashMap<String, TensorType>();
        ordered.put(searched, Objects.requireNonNull(types.get(searched)));
        types.forEach((name, type) -> {
            if (!name.equals(searched)) {
                requireGivable(name, all.getOrDefault(name, type).type());
                ordered.put(name, type);
            }
        });
        return model.with(model.graph().withInputs(ordered));
    }

    private void requireGivable(String name, ElementType taken) {
        var side = Objects.requireNonNull(inputs.given().get(name), name);
        boolean isGivable = switch (taken) {
            case FLOAT, FLOAT16, BFLOAT16, DOUBLE, BOOL, INT8, UINT8, INT16, INT32, INT64 -> true;
            // The runtime's Java interface has no tensors of these types.
            case UINT16, UINT32, UINT64 -> side.constant();
            default -> false;
        };
        if (!isGivable) {
            throw new DataException(
                    "The model takes '%s' as %s, which can't be given: export it with floats or signed integers."
                            .formatted(name, Words.of(taken)));
        }
        var real = taken.isReal() ? SideInputs.Type.FLOAT : SideInputs.Type.INTEGER;
        side.require(name, taken == ElementType.BOOL ? SideInputs.Type.BOOLEAN : real);
    }

    /**
     * Returns the model for a number of rows: constants become initialisers, and the other side
     * inputs have the dimensions of their rows.
     *
     * @param searched the shape of the first input
     */
    OnnxModel at(OnnxModel model, int rows, Shape searched) {
        if (inputs.given().isEmpty()) {
            return model;
        }
        var types = new LinkedHashMap<String, TensorType>();
        var constants = new LinkedHashMap<>(model.graph().initialisers());
        for (var input : model.graph().inputs().entrySet()) {
            var name = input.getKey();
            var type = input.getValue();
            var side = inputs.given().get(name);
            if (side == null) {
                types.put(name, type);
            } else if (side.constant()) {
                constants.put(name, constant(side, type, rows, searched));
            } else {
                types.put(name, ofRows(name, side, type, rows));
            }
        }
        var graph = model.graph().with(model.graph().nodes(), constants);
        return model.with(graph.withInputs(types));
    }

    private static Tensor constant(SideInputs.Side side, TensorType type, int rows, Shape searched) {
        var dims = SideInputs.filled(type.ranked() ? type.dims() : null, rows, searched);
        var filled = side.rows(1, Shape.of(dims));
        return Tensor.of(TensorType.of(type.type(), dims), bytes(filled, type.type()));
    }

    private static TensorType ofRows(String name, SideInputs.Side side, TensorType type, int rows) {
        var row = side.example().rowShape();
        var given = TensorType.of(type.type(), CutModel.dims(rows, row));
        if (type.ranked()) {
            side.requireSizes(name, type.dims());
        }
        return given;
    }

    /** Returns the values of a batch as a tensor of a type holds them; direct memory. */
    static ByteBuffer bytes(Batch batch, ElementType type) {
        return type == ElementType.FLOAT
                ? batch.bytes()
                : WholeNumbers.of(batch, Math.toIntExact(type.bytes(1)), type != ElementType.UINT8);
    }
}
