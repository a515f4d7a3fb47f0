package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import stir.api.FakeRelu;

import java.util.Set;

/** The search for the selected ReLU that computes a value. */
final class LastRelu {
    private static final Set<String> RELU = Set.of("relu", "relu_");
    private static final Set<String> RELU6 = Set.of("relu6", "relu6_");
    private static final Set<String> HARDTANH = Set.of("hardtanh", "hardtanh_");

    /** Functions that preserve a ReLU's outputs: changes of shape, copies, dropout at inference. */
    private static final Set<String> SHAPE_CHANGES =
            Set.of(
                    "flatten",
                    "reshape",
                    "view",
                    "squeeze",
                    "squeeze_",
                    "unsqueeze",
                    "unsqueeze_",
                    "transpose",
                    "permute",
                    "contiguous",
                    "clone",
                    "to",
                    "dropout",
                    "dropout_",
                    "dropout1d",
                    "dropout2d",
                    "dropout3d",
                    "feature_dropout",
                    "feature_dropout_");

    private static final Set<String> POOLING =
            Set.of(
                    "max_pool1d",
                    "max_pool2d",
                    "max_pool3d",
                    "_max_pool1d",
                    "_max_pool2d",
                    "_max_pool3d",
                    "avg_pool1d",
                    "avg_pool2d",
                    "avg_pool3d",
                    "adaptive_avg_pool1d",
                    "adaptive_avg_pool2d",
                    "adaptive_avg_pool3d",
                    "adaptive_max_pool1d",
                    "adaptive_max_pool2d",
                    "adaptive_max_pool3d",
                    "mean",
                    "amax");

    private final DataFlow flow;
    private final FakeRelu wanted;

    LastRelu(DataFlow flow, FakeRelu wanted) {
        this.flow = flow;
        this.wanted = wanted;
    }

    /** Returns the call of the ReLU that computes a value, or null if there is none. */
    @Nullable Value before(@Nullable Value value) {
        var current = wanted == FakeRelu.NONE ? null : value;
        while (current != null) {
            switch (current.expression().kind()) {
                case NAME -> current = flow.definition(current);
                case CALL -> {
                    var frame = flow.entered(current);
                    var function = frame == null ? flow.function(current) : "";
                    if (RELU.contains(function)
                            || (wanted == FakeRelu.LEAKY && relu6(current, function) != null)) {
                        return current;
                    }
                    current =
                            frame != null
                                    ? flow.result(frame)
                                    : keepsRelu(function) ? DataFlow.argument(current, 0) : null;
                }
                default -> current = null;
            }
        }
        return null;
    }

    private boolean keepsRelu(String function) {
        return SHAPE_CHANGES.contains(function)
                || (wanted != FakeRelu.OF_LAYER && POOLING.contains(function));
    }

    /** Returns the expression of a found ReLU or ReLU6 that is applied to x. */
    String activation(Value relu) {
        var bounded = relu6(relu, flow.function(relu));
        return bounded == null ? "torch.relu(x)" : bounded;
    }

    /** Returns the expression of a ReLU6 of x, of any upper limit, or null for another function. */
    private static @Nullable String relu6(Value call, String function) {
        if (RELU6.contains(function)) {
            return "torch.relu6(x)";
        }
        if (!HARDTANH.contains(function)) {
            return null;
        }
        var low = number(call, 1);
        var high = number(call, 2);
        return low == null || high == null || Double.parseDouble(low) != 0
                ? null
                : "torch.hardtanh(x, %s, %s)".formatted(low, high);
    }

    private static @Nullable String number(Value call, int argument) {
        var value = DataFlow.argument(call, argument);
        return value != null && value.expression().kind() == Expression.Kind.NUMBER
                ? value.expression().text()
                : null;
    }
}
