package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;
import stir.backend.djl.libtorch.AtenFunctions;

/**
 * The result of a recurrent module that a trace returns. PyTorch's module returns all outputs and
 * the last states; tracing keeps those that the network uses, and a single one loses its place.
 */
final class RecurrentResult {

    private RecurrentResult() {}

    /** Returns the end of a module's kind: empty unless it returns a last state. */
    static String of(ScriptClass type, ScriptNetwork network) {
        return type.methods().values().stream()
                .filter(network::isCalledForModules)
                .filter(method -> method.returns().equals("Tensor"))
                .map(method -> AtenFunctions.resultAt(place(method)))
                .filter(end -> !end.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static int place(ScriptMethod method) {
        var result = method.result();
        if (result == null || result.value() == null) {
            return -1;
        }
        var variable = result.value().text();
        return method.body().stream()
                .filter(statement -> statement.unpacks() && statement.targets().contains(variable))
                .filter(statement -> isRecurrent(statement.value()))
                .map(statement -> statement.targets().indexOf(variable))
                .findFirst()
                .orElse(-1);
    }

    private static boolean isRecurrent(@Nullable Expression call) {
        return call != null
                && call.kind() == Expression.Kind.CALL
                && AtenFunctions.isRecurrent(call.base().dotted().replaceFirst("^torch\\.", ""));
    }
}
