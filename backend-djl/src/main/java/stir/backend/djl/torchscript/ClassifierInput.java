package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The search for the layer before the classifier. It follows the network's outputs back to the
 * linear layer that computes it, or to a convolution that only activations and pooling follow and
 * that has a kernel of one pixel or precedes probabilities. It then follows that layer's input to
 * the module that computes it.
 */
public final class ClassifierInput {
    /** Functions that may follow the classifier's linear layer. */
    public static final Set<String> AFTER =
            Set.of(
                    "softmax log_softmax sigmoid squeeze flatten view reshape dropout to"
                            .split(" ", -1));

    private static final Set<String> PROBABILITIES = Set.of("softmax", "log_softmax", "sigmoid");

    /** Further functions that may follow a classifier that is a convolution. */
    private static final Set<String> AFTER_CONVOLUTION =
            Set.of(
                    ("relu relu_ adaptive_avg_pool2d avg_pool2d adaptive_max_pool2d"
                                    + " max_pool2d mean dropout_")
                            .split(" ", -1));

    private static final Set<String> LINEAR = Set.of("linear", "addmm");
    private static final Set<String> CONVOLUTIONS = Set.of("_convolution", "conv2d");

    /** The stride and the padding of a convolution of one pixel. */
    private static final List<String> ONE_PIXEL = List.of("[1, 1]", "[0, 0]");

    private static final int STRIDE_ARGUMENT = 3;

    private final ScriptNetwork network;
    private final DataFlow flow;

    ClassifierInput(ScriptNetwork network) {
        this.network = network;
        this.flow = network.flow();
    }

    Optional<String> find() {
        return find(flow.result(network.frame()), false, false);
    }

    /**
     * Follows a result backwards.
     *
     * @param pooledLater whether it is pooled later
     * @param likelyLater whether it is turned into probabilities later
     */
    private Optional<String> find(
            @Nullable Value result, boolean pooledLater, boolean likelyLater) {
        var value = result;
        boolean pooled = pooledLater;
        boolean likely = likelyLater;
        while (value != null) {
            switch (value.expression().kind()) {
                case NAME -> {
                    var origins = flow.definitions(value);
                    if (origins.size() > 1) {
                        return common(origins, pooled, likely);
                    }
                    value = origins.isEmpty() ? null : origins.get(0);
                }
                case GROUP -> {
                    return ofOutputs(elements(value), pooled, likely);
                }
                case CALL -> {
                    var entered = flow.entered(value);
                    if (entered == null) {
                        var function = flow.function(value);
                        if (isClassifyingConvolution(value, function, likely)) {
                            return isComputed(DataFlow.argument(value, 0))
                                    ? Optional.of(layerBefore(value, value.frame()))
                                    : Optional.empty();
                        }
                        if (value.frame().path().isEmpty() && LINEAR.contains(function)) {
                            return variableBefore(value);
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

    /** Returns the result for several possible sources of a value, if it is the same for all. */
    private Optional<String> common(List<Value> origins, boolean pooled, boolean likely) {
        var found =
                origins.stream().map(origin -> find(origin, pooled, likely)).distinct().toList();
        return found.size() == 1 ? found.get(0) : Optional.empty();
    }

    /** Returns the result for several outputs: the same for all that have one. */
    private Optional<String> ofOutputs(List<Value> outputs, boolean pooled, boolean likely) {
        var found =
                outputs.stream()
                        .flatMap(output -> find(output, pooled, likely).stream())
                        .distinct()
                        .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** Returns the elements of a tuple, a list or a dictionary, without its keys. */
    private static List<Value> elements(Value group) {
        var parts = group.expression().parts();
        int step = group.expression().text().equals("{") ? 2 : 1;
        return IntStream.range(0, parts.size())
                .filter(i -> i % step == step - 1)
                .mapToObj(i -> parts.get(i).unwrapped())
                .map(part -> new Value(group.frame(), group.statement(), group.line(), part))
                .toList();
    }

    /** Returns whether a value is not the network's own input. */
    private boolean isComputed(@Nullable Value value) {
        var source = value;
        while (source != null && source.expression().kind() == Expression.Kind.NAME) {
            source = flow.definition(source);
        }
        return source != null;
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
                && LINEAR.contains(flow.function(result));
    }

    /** Returns the variable that a linear function of the network itself receives. */
    private static Optional<String> variableBefore(Value call) {
        return Optional.ofNullable(DataFlow.argument(call, 0))
                .map(Value::expression)
                .filter(input -> input.kind() == Expression.Kind.NAME)
                .map(input -> ":" + input.text());
    }

    private String layerBefore(Value call, Frame linear) {
        var input = DataFlow.argument(call, 0);
        while (input != null && input.expression().kind() == Expression.Kind.NAME) {
            input = flow.definition(input);
        }
        var module = input == null ? null : moduleOf(input);
        return module == null ? String.join(".", linear.path()) + "@in" : module;
    }

    /** Returns the hook's name of a value, if the value is the result of a module's last call. */
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
        var chains = network.calls().chains(network.root(), network.forward(), frame.path());
        if (chains.isEmpty()) {
            return null;
        }
        var last = chains.get(chains.size() - 1).stream().map(ModuleCalls.Step::call).toList();
        return last.equals(frame.calls()) ? String.join(".", frame.path()) : null;
    }
}
