package stir.backend.onnx;

import stir.api.Batch;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.UsageException;
import stir.api.support.WholeNumbers;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;

/** The side inputs of a model, by the names of its graph's inputs. */
record Sides(SideInputs inputs) {
    static final Sides NONE = new Sides(SideInputs.NONE);

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
        if (types.size() == 1 && inputs.equals(SideInputs.NONE)) {
            return model;
        }
        var real = new LinkedHashSet<String>();
        types.forEach(
                (name, type) -> {
                    if (kind(all.getOrDefault(name, type)) == SideInputs.Type.FLOAT) {
                        real.add(name);
                    }
                });
        var idle = new LinkedHashSet<>(all.keySet());
        idle.removeAll(types.keySet());
        var searched = inputs.choose(file, all.keySet(), real, idle);
        var ordered = new LinkedHashMap<String, TensorType>();
        ordered.put(searched, Objects.requireNonNull(types.get(searched)));
        types.forEach(
                (name, type) -> {
                    if (!name.equals(searched)) {
                        side(name).require(name, kind(all.getOrDefault(name, type)));
                        ordered.put(name, type);
                    }
                });
        return model.with(model.graph().withInputs(ordered));
    }

    private SideInputs.Side side(String name) {
        return Objects.requireNonNull(inputs.given().get(name), name);
    }

    private static SideInputs.Type kind(TensorType type) {
        return switch (type.type()) {
            case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> SideInputs.Type.FLOAT;
            case BOOL -> SideInputs.Type.BOOLEAN;
            default -> SideInputs.Type.INTEGER;
        };
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
        model.graph()
                .inputs()
                .forEach(
                        (name, type) -> {
                            var side = inputs.given().get(name);
                            if (side == null) {
                                types.put(name, type);
                            } else if (side.constant()) {
                                constants.put(name, constant(side, type, rows, searched));
                            } else {
                                types.put(name, ofRows(name, side, type, rows));
                            }
                        });
        var graph = model.graph().with(model.graph().nodes(), constants);
        return model.with(graph.withInputs(types));
    }

    private static Tensor constant(
            SideInputs.Side side, TensorType type, int rows, Shape searched) {
        var dims = SideInputs.filled(type.ranked() ? type.dims() : null, rows, searched);
        var filled = side.rows(1, Shape.of(dims));
        return Tensor.of(TensorType.of(type.type(), dims), bytes(filled, type.type()));
    }

    private static TensorType ofRows(String name, SideInputs.Side side, TensorType type, int rows) {
        var row = side.example().rowShape();
        var dims = new ArrayList<Long>();
        for (var dim : CutNetwork.dims(rows, row)) {
            dims.add((long) dim);
        }
        boolean fits = !type.ranked() || type.dims().size() == dims.size();
        for (int i = 1; fits && type.ranked() && i < dims.size(); i++) {
            fits = type.dims().get(i) <= 0 || type.dims().get(i).equals(dims.get(i));
        }
        if (!fits) {
            throw new UsageException(
                    "The model takes '%s' as %s (the first size counts the inputs), but a given row is %s: give an array of that shape."
                            .formatted(name, type, row.rank() == 0 ? "a single number" : row),
                    Remedy.GIVE_INPUT);
        }
        return new TensorType(type.type(), dims, true);
    }

    /** Returns the values of a batch as a tensor of a type holds them; direct memory. */
    static ByteBuffer bytes(Batch batch, ElementType type) {
        return type == ElementType.FLOAT
                ? batch.bytes()
                : WholeNumbers.of(batch, Math.toIntExact(type.bytes(1)));
    }
}
