package stir.backend.djl.torchscript;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that receive the modules' inputs. Tracing gives the method of a module whose
 * weights are also another module's these weights as its first arguments, which it calls {@code
 * argument_1} and so on.
 */
final class ModuleInputs {
    private static final String OF_TRACE = "argument_\\d+";

    private final MethodCalls calls;
    private final ReachingDefinitions flow;
    private final IdentityHashMap<ScriptMethod, Integer> indexes = new IdentityHashMap<>();

    /** Follows the calls of the network's {@code forward}, each called method once. */
    ModuleInputs(MethodCalls calls, ReachingDefinitions flow, Frame forward) {
        this.calls = calls;
        this.flow = flow;
        visit(forward);
    }

    /** Returns the index of the parameter; 0 for a method that is never called. */
    int of(ScriptMethod method) {
        return indexes.getOrDefault(method, 0);
    }

    private void visit(Frame frame) {
        for (var inner : calls.within(frame)) {
            if (!indexes.containsKey(inner.method())) {
                indexes.put(inner.method(), index(inner));
                visit(inner);
            }
        }
    }

    private int index(Frame called) {
        var parameters = called.method().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            var parameter = parameters.get(i);
            boolean mayBeWeight =
                    parameter.type().equals("Tensor") && parameter.name().matches(OF_TRACE);
            if (!mayBeWeight || !isWeight(called.argument(i))) {
                return i;
            }
        }
        return 0;
    }

    private boolean isWeight(@Nullable SourceValue argument) {
        return argument != null && flow.origin(argument).expression().kind() == Expression.Kind.ATTRIBUTE;
    }
}
