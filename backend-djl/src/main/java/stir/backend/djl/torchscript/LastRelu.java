package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import stir.api.FakeRelu;

import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The search for the selected ReLU that computes a value. */
record LastRelu(DataFlow flow, FakeRelu wanted) {
    private static final Set<String> RELU = Set.of("relu", "relu_");
    private static final Set<String> RELU6 = Set.of("relu6", "relu6_");
    private static final Set<String> HARDTANH = Set.of("hardtanh", "hardtanh_");

    /** Functions that preserve a ReLU's outputs: changes of shape, copies, dropout at inference. */
    private static final Set<String> SHAPE_CHANGES =
            Set.of(
                    ("flatten reshape view squeeze squeeze_ unsqueeze unsqueeze_ transpose permute"
                                    + " contiguous clone to dropout dropout_ dropout1d dropout2d dropout3d"
                                    + " feature_dropout feature_dropout_")
                            .split(" ", -1));

    private static final Set<String> POOLING =
            Set.of(
                    ("max_pool1d max_pool2d max_pool3d _max_pool1d _max_pool2d _max_pool3d"
                                    + " avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d"
                                    + " adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d"
                                    + " adaptive_max_pool2d adaptive_max_pool3d mean amax")
                            .split(" ", -1));

    /** The sizes of a pooling over all positions: {@code 1}, {@code [1, 1]}. */
    private static final Pattern ONE = Pattern.compile("1|\\[1(, 1)*\\]");

    /** Literal dimensions: {@code [2, 3]}. */
    private static final Pattern DIMENSIONS = Pattern.compile("\\[-?\\d+(, -?\\d+)*\\]");

    /** Returns the call of the ReLU that computes a value, or null if there is none. */
    @Nullable Value before(@Nullable Value value) {
        var call = wanted == FakeRelu.NONE ? null : call(value, this::keepsRelu);
        return call != null && isRelu(call, wanted == FakeRelu.LEAKY) ? call : null;
    }

    /** A ReLU or ReLU6, and the dimensions of the mean that reads it. */
    record Averaged(Value relu, String dimensions) {}

    /** Returns the ReLU or ReLU6 whose mean over all positions a value is, or null. */
    @Nullable Averaged averaged(@Nullable Value value) {
        var mean = call(value, SHAPE_CHANGES::contains);
        var dimensions = mean == null ? null : averagedDimensions(mean);
        if (mean == null || dimensions == null) {
            return null;
        }
        var relu = call(DataFlow.argument(mean, 0), function -> false);
        return relu != null && isRelu(relu, true) ? new Averaged(relu, dimensions) : null;
    }

    /** Returns the dimensions that a call takes the mean of, as an expression; null if unknown. */
    private @Nullable String averagedDimensions(Value call) {
        var option = flow.origin(DataFlow.argument(call, 1));
        if (option == null) {
            return null;
        }
        var span = option.expression().span();
        var text = option.sourceLine().substring(span.start(), span.end());
        return switch (flow.function(call)) {
            case "mean" -> DIMENSIONS.matcher(text).matches() ? text : null;
            case "adaptive_avg_pool1d" -> ONE.matcher(text).matches() ? "[-1]" : null;
            case "adaptive_avg_pool2d" -> ONE.matcher(text).matches() ? "[-2, -1]" : null;
            case "adaptive_avg_pool3d" -> ONE.matcher(text).matches() ? "[-3, -2, -1]" : null;
            default -> null;
        };
    }

    /** Returns the call that computes a value, before those of ignored functions; null if none. */
    private @Nullable Value call(@Nullable Value value, Predicate<String> ignored) {
        var current = value;
        while (current != null) {
            switch (current.expression().kind()) {
                case NAME -> current = flow.definition(current);
                case CALL -> {
                    var frame = flow.entered(current);
                    if (frame == null && !ignored.test(flow.function(current))) {
                        return current;
                    }
                    current = frame != null ? flow.result(frame) : DataFlow.argument(current, 0);
                }
                default -> current = null;
            }
        }
        return null;
    }

    private boolean isRelu(Value call, boolean orRelu6) {
        var function = flow.function(call);
        return RELU.contains(function) || (orRelu6 && relu6(call, function) != null);
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
