package stir.backend.djl.torchscript;

import java.util.List;
import java.util.Set;

/**
 * The result of a recurrent module that a trace returns. PyTorch's module returns all outputs and
 * the last states; tracing keeps those that the network uses, and a single one loses its place.
 */
public final class RecurrentResult {
    private static final Set<String> FUNCTIONS =
            Set.of("torch.lstm", "torch.gru", "torch.rnn_tanh", "torch.rnn_relu");
    private static final List<String> PLACES = List.of("", " last state", " last cell state");

    private RecurrentResult() {}

    /**
     * Returns the end of a layer's kind.
     *
     * @param place the place of the value among the results of the recurrent function
     */
    public static String ofPlace(int place) {
        return place >= 0 && place < PLACES.size() ? PLACES.get(place) : "";
    }

    /** Returns the end of a module's kind: empty unless it returns a last state. */
    static String of(ScriptClass type, ScriptNetwork network) {
        return type.methods().values().stream()
                .filter(network::isCalledForModules)
                .filter(method -> method.returns().equals("Tensor"))
                .map(method -> ofPlace(place(method)))
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
                            .anyMatch(call -> FUNCTIONS.contains(call.base().dotted()))) {
                return names.indexOf(result);
            }
        }
        return -1;
    }
}
