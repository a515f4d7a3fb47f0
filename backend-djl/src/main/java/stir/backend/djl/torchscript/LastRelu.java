package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Finds the ReLU that computes a value directly, or with nothing but pooling and changes of shape
 * after it.
 */
final class LastRelu {
    private static final Set<String> RELU = Set.of("relu", "relu_");

    /** What keeps a ReLU's output a ReLU's output: pooling, flattening, dropout (which is off). */
    private static final Set<String> PASSED =
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
                    "flatten",
                    "reshape",
                    "view",
                    "squeeze",
                    "squeeze_",
                    "unsqueeze",
                    "unsqueeze_",
                    "contiguous",
                    "clone",
                    "to",
                    "dropout",
                    "dropout_",
                    "dropout2d",
                    "feature_dropout",
                    "feature_dropout_");

    private final DataFlow flow;

    LastRelu(DataFlow flow) {
        this.flow = flow;
    }

    /** The call of the ReLU that a value comes from, or null if there is none. */
    @Nullable Value before(@Nullable Value value) {
        var current = value;
        while (current != null) {
            switch (current.expression().kind()) {
                case NAME -> current = flow.definition(current);
                case CALL -> {
                    var frame = flow.entered(current);
                    var function = frame == null ? flow.function(current) : "";
                    if (RELU.contains(function)) {
                        return current;
                    }
                    current =
                            frame != null
                                    ? flow.result(frame)
                                    : PASSED.contains(function)
                                            ? DataFlow.argument(current, 0)
                                            : null;
                }
                default -> current = null;
            }
        }
        return null;
    }
}
