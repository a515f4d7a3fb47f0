package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the layer before the classifier: follows the network's output, the first one if there are
 * several, back to the linear layer that computes it, or to the convolution behind which there is
 * nothing but activations and pooling, and which has one pixel or makes probabilities; and that
 * layer's input to the module that it comes from.
 */
final class ClassifierInput {
    /** What may come after the classifier's linear layer. */
    private static final Set<String> AFTER =
            Set.of(
                    "softmax",
                    "log_softmax",
                    "sigmoid",
                    "squeeze",
                    "flatten",
                    "view",
                    "reshape",
                    "dropout",
                    "to");

    private static final Set<String> PROBABILITIES = Set.of("softmax", "log_softmax", "sigmoid");

    /** What may come after a classifier that is a convolution, besides. */
    private static final Set<String> AFTER_CONVOLUTION =
            Set.of(
                    "relu",
                    "relu_",
                    "adaptive_avg_pool2d",
                    "avg_pool2d",
                    "adaptive_max_pool2d",
                    "max_pool2d",
                    "mean",
                    "dropout_");

    private static final Set<String> CONVOLUTIONS = Set.of("_convolution", "conv2d");

    /** What a convolution of one pixel has; its stride and its padding. */
    private static final List<String> ONE_PIXEL = List.of("[1, 1]", "[0, 0]");

    private static final int STRIDE_ARGUMENT = 3;

    private final ScriptNetwork network;
    private final DataFlow flow;

    ClassifierInput(ScriptNetwork network) {
        this.network = network;
        this.flow = network.flow();
    }

    Optional<String> find() {
        return find(
                flow.result(new Frame(null, null, network.root(), network.forward())),
                false,
                false);
    }

    /**
     * @param pooledBehind whether a result is pooled after it
     * @param likelyBehind whether it is made probabilities after it
     */
    private Optional<String> find(
            @Nullable Value result, boolean pooledBehind, boolean likelyBehind) {
        var value = result;
        boolean pooled = pooledBehind;
        boolean likely = likelyBehind;
        while (value != null) {
            switch (value.expression().kind()) {
                case NAME -> {
                    var origins = flow.definitions(value);
                    if (origins.size() > 1) {
                        return common(origins, pooled, likely);
                    }
                    value = origins.isEmpty() ? null : origins.get(0);
                }
                case GROUP -> value = first(value);
                case CALL -> {
                    var entered = flow.entered(value);
                    if (entered == null) {
                        var function = flow.function(value);
                        if (isClassifyingConvolution(value, function, likely)) {
                            return madeWithin(DataFlow.argument(value, 0))
                                    ? Optional.of(layerBefore(value, value.frame()))
                                    : Optional.empty();
                        }
                        likely |= PROBABILITIES.contains(function);
                        pooled |= AFTER_CONVOLUTION.contains(function);
                        value =
                                AFTER.contains(function) || AFTER_CONVOLUTION.contains(function)
                                        ? DataFlow.argument(value, 0)
                                        : null;
                    } else if (!pooled && isLinear(entered)) {
                        return Optional.of(layerBefore(value, entered));
                    } else {
                        value = flow.result(entered);
                    }
                }
                default -> value = null;
            }
        }
        return Optional.empty();
    }

    /** What is found from each of several places that a value may come from, if it is the same. */
    private Optional<String> common(List<Value> origins, boolean pooled, boolean likely) {
        var found =
                origins.stream().map(origin -> find(origin, pooled, likely)).distinct().toList();
        return found.size() == 1 ? found.get(0) : Optional.empty();
    }

    /** Returns the first element of a tuple, a list or a dictionary. */
    private static @Nullable Value first(Value group) {
        var parts = group.expression().parts();
        int first = group.expression().text().equals("{") ? 1 : 0; // behind its key
        return first < parts.size()
                ? new Value(
                        group.frame(),
                        group.statement(),
                        group.line(),
                        parts.get(first).unwrapped())
                : null;
    }

    /** Returns whether a value is not the network's own input. */
    private boolean madeWithin(@Nullable Value value) {
        var made = value;
        while (made != null && made.expression().kind() == Expression.Kind.NAME) {
            made = flow.definition(made);
        }
        return made != null;
    }

    private static boolean isClassifyingConvolution(Value call, String function, boolean likely) {
        var items = call.expression().items();
        if (!CONVOLUTIONS.contains(function)
                || call.frame().path().isEmpty()
                || items.size() < STRIDE_ARGUMENT + ONE_PIXEL.size()) {
            return false;
        }
        if (likely) {
            return true;
        }
        var line = call.sourceLine();
        return items.subList(STRIDE_ARGUMENT, STRIDE_ARGUMENT + ONE_PIXEL.size()).stream()
                .map(item -> line.substring(item.start(), item.end()).strip())
                .toList()
                .equals(ONE_PIXEL);
    }

    private boolean isLinear(Frame frame) {
        var result = flow.result(frame);
        while (result != null && result.expression().kind() == Expression.Kind.NAME) {
            result = flow.definition(result);
        }
        return result != null
                && result.frame().equals(frame)
                && result.expression().kind() == Expression.Kind.CALL
                && flow.entered(result) == null
                && List.of("linear", "addmm").contains(flow.function(result));
    }

    private String layerBefore(Value call, Frame linear) {
        var input = DataFlow.argument(call, 0);
        while (input != null && input.expression().kind() == Expression.Kind.NAME) {
            input = flow.definition(input);
        }
        var module = input == null ? null : moduleOf(input);
        return module == null ? String.join(".", linear.path()) + "@in" : module;
    }

    /** Returns the name of the hook at a value, if the value is what a module returns at its last call. */
    private @Nullable String moduleOf(Value value) {
        if (value.expression().kind() != Expression.Kind.CALL) {
            return null;
        }
        var frame = flow.entered(value);
        if (frame == null
                || !frame.method().returns().equals("Tensor")
                || !network.isCalledForModules(frame.method())) {
            return null;
        }
        var ways = network.calls().ways(network.root(), network.forward(), frame.path());
        if (ways.isEmpty()) {
            return null;
        }
        var last = ways.get(ways.size() - 1).stream().map(ModuleCalls.Step::call).toList();
        return last.equals(frame.calls()) ? String.join(".", frame.path()) : null;
    }
}
