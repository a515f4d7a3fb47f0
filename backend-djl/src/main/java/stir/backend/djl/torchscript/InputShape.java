package stir.backend.djl.torchscript;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import stir.api.Shape;
import stir.backend.djl.libtorch.Pickle;

/**
 * The shape of one input as far as the weights of the first modules imply it: the channels of the
 * first convolution followed by unknown sizes, or an unknown length and the width of a sequence.
 */
final class InputShape {
    private static final String CONVOLUTION = "Conv[123]d";
    private static final long MAX_SIZE = 1L << 26;

    /** The weights of modules that take sequences, whose second size is the input's width. */
    private static final Map<String, String> SEQUENCES = Map.of(
            "LSTM", "weight_ih_l0",
            "GRU", "weight_ih_l0",
            "RNN", "weight_ih_l0",
            "MultiheadAttention", "in_proj_weight",
            "TransformerEncoderLayer", "self_attn.in_proj_weight",
            "TransformerEncoder", "layers.0.self_attn.in_proj_weight");

    private final ScriptNetwork network;
    private final boolean takesSequences;

    private InputShape(ScriptNetwork network) {
        this.network = network;
        this.takesSequences =
                network.modules().values().stream().anyMatch(module -> SEQUENCES.containsKey(module.simpleName()));
    }

    /** Returns the shape; rank 0 if the network begins with neither. */
    static Shape of(ScriptNetwork network) {
        var search = new InputShape(network);
        return search.firstConvolution(network.frame())
                .map(search::ofConvolution)
                .orElseGet(() -> search.ofSequence(network.frame()).orElseGet(Shape::of));
    }

    private Optional<Frame> firstConvolution(Frame frame) {
        for (var inner : network.calls().within(frame)) {
            if (inner.owner().simpleName().matches(CONVOLUTION) && !inner.path().isEmpty()) {
                return Optional.of(inner);
            }
            var inside = firstConvolution(inner);
            if (inside.isPresent()) {
                return inside;
            }
        }
        return Optional.empty();
    }

    private Shape ofConvolution(Frame convolution) {
        var weight = weight(convolution.path(), "weight");
        if (weight == null || weight.sizes().size() < 2) {
            return Shape.of();
        }
        var groups = convolution.owner().attributes().getOrDefault("groups", "1");
        long channels = weight.sizes().get(1) * groups(groups);
        if (channels < 1 || channels > MAX_SIZE) {
            return Shape.of();
        }
        var dimensions = new int[weight.sizes().size() - 1];
        Arrays.fill(dimensions, Shape.UNKNOWN);
        dimensions[0] = (int) channels;
        return Shape.of(dimensions);
    }

    private static int groups(String attribute) {
        try {
            return Integer.parseInt(attribute.replaceAll(".*= ", ""));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Returns the shape of a sequence that a module receives from the network itself. */
    private Optional<Shape> ofSequence(Frame frame) {
        for (var inner : network.calls().within(frame)) {
            var input = inner.argument(network.inputs().of(inner.method()));
            var name = weightName(inner.owner().simpleName());
            if (name != null && input != null && network.flow().isInput(input)) {
                return width(weight(inner.path(), name)).map(width -> Shape.of(Shape.UNKNOWN, width));
            }
            var inside = ofSequence(inner);
            if (inside.isPresent()) {
                return inside;
            }
        }
        return Optional.empty();
    }

    /** Returns the weight of a module that takes sequences, or a dense one before such a module. */
    private @Nullable String weightName(String type) {
        return takesSequences && type.equals("Linear") ? "weight" : SEQUENCES.get(type);
    }

    private static Optional<Integer> width(Pickle.@Nullable TensorView weight) {
        return Optional.ofNullable(weight)
                .filter(tensor -> tensor.sizes().size() == 2)
                .map(tensor -> tensor.sizes().get(1))
                .filter(size -> size > 0 && size <= MAX_SIZE)
                .map(Math::toIntExact);
    }

    private Pickle.@Nullable TensorView weight(List<String> path, String name) {
        var names = MethodCalls.concat(path, List.of(name.split("\\.", -1)));
        int last = names.size() - 1;
        return network.weight(names.subList(0, last), names.get(last));
    }
}
