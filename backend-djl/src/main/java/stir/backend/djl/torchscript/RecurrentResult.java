package stir.backend.djl.torchscript;

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
        var body = method.body();
        if (body.isEmpty() || !body.get(body.size() - 1).isReturn()) {
            return -1;
        }
        var result = body.get(body.size() - 1).lines().get(0).strip().replaceFirst("^return ", "");
        for (var statement : body) {
            var names = statement.unpacked();
            if (names.contains(result)
                    && Expression.parse(statement.lines().get(0)).stream()
                            .filter(part -> part.kind() == Expression.Kind.CALL)
                            .anyMatch(
                                    call ->
                                            AtenFunctions.isRecurrent(
                                                    call.base()
                                                            .dotted()
                                                            .replaceFirst("^torch\\.", "")))) {
                return names.indexOf(result);
            }
        }
        return -1;
    }
}
