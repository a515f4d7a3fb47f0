package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the layer before the classifier: follows the network's output back to the linear layer that
 * computes it, and that layer's input to the module that it comes from.
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

    private final ScriptNetwork network;
    private final DataFlow flow;

    ClassifierInput(ScriptNetwork network) {
        this.network = network;
        this.flow = network.flow();
    }

    Optional<String> find() {
        var frame = new Frame(null, null, network.root(), network.forward());
        var value = flow.result(frame);
        while (value != null) {
            switch (value.expression().kind()) {
                case NAME -> value = flow.definition(value);
                case CALL -> {
                    var entered = flow.entered(value);
                    if (entered == null) {
                        value =
                                AFTER.contains(flow.function(value))
                                        ? DataFlow.argument(value, 0)
                                        : null;
                    } else if (isLinear(entered)) {
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

    /** The name of the hook at a value, if the value is what a module returns at its last call. */
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
