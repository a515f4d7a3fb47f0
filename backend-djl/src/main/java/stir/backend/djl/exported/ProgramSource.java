package stir.backend.djl.exported;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.FakeRelu;
import stir.api.UsageException;
import stir.api.support.GraphAnalysis;
import stir.backend.djl.libtorch.FakeReluSource;
import stir.backend.djl.libtorch.HookedSource;
import stir.backend.djl.libtorch.SinglePrecision;

/**
 * The writer of a program as the source of one TorchScript class, which libtorch runs. A hook is
 * the program's operators up to the one that computes a value.
 *
 * @param single whether types of other precision are replaced by single precision
 */
record ProgramSource(ProgramGraph graph, ProgramOperators operators, boolean single) {
    /** The name of the class's file in an archive. */
    static final String FILE = "__torch__.py";

    private static final String CLASS = "__torch__.Net";
    private static final String METHOD = "forward";
    private static final String LINES = "_stir_lines";

    /**
     * Returns the source of a method that computes a value and nothing after it, in single
     * precision.
     *
     * @param wanted the ReLU that is to pass gradients, if there is one
     * @throws UsageException if the program has no such value
     */
    HookedSource hook(String value, FakeRelu wanted) {
        var definitions = graph.definitions();
        var last = definitions.get(value);
        if (last == null) {
            throw new UsageException("The network has no variable '%s': it has %s."
                    .formatted(value, String.join(", ", definitions.keySet())));
        }
        var open = new GraphAnalysis<>(operators).relu(value, wanted);
        var relu = open.flatMap(openRelu -> operators.node(openRelu.value()));
        var lines = new ArrayList<String>();
        for (var node : graph.nodes().subList(0, last + 1)) {
            lines.addAll(prepared(relu.filter(node::equals).map(this::replaced).orElse(node)));
        }
        lines.add("return torch.to(%s, 6)".formatted(value)); // float32, the type of hooks
        var methods = open.map(openRelu -> FakeReluSource.method(
                CLASS,
                openRelu.share(),
                operators.activation(relu.orElseThrow()),
                openRelu.mean().map(operators::dimensions)));
        return source(lines, "Tensor", open.isPresent(), methods);
    }

    private GraphNode replaced(GraphNode relu) {
        return relu.with("(self)." + FakeReluSource.NAME, relu.arguments().subList(0, 1));
    }

    /** Returns the source of a method that returns one line of text per value. */
    HookedSource listing(Collection<String> values) {
        var lines = new ArrayList<String>();
        lines.add(LINES + " = annotate(List[str], [])");
        for (var node : graph.nodes()) {
            lines.addAll(prepared(node));
            node.tensors().stream()
                    .filter(values::contains)
                    .forEach(value -> lines.add(
                            "_stir_appended = torch.append(%1$s, torch.format(\"%2$s {} {}\", (%2$s).requires_grad, torch.size(%2$s)))"
                                    .formatted(LINES, value)));
        }
        lines.add("return " + LINES);
        return source(lines, "List[str]", false, Optional.empty());
    }

    /**
     * Returns an operator's statements, in single precision and with the contiguous input that
     * makes libtorch's linear layers fast.
     */
    private List<String> prepared(GraphNode node) {
        var arguments = new ArrayList<>(node.arguments());
        var function = node.called().substring(node.called().lastIndexOf('.') + 1);
        if (single) {
            for (int i = 0; i < arguments.size(); i++) {
                arguments.set(i, SinglePrecision.argument(function, i, arguments.get(i)));
            }
        }
        if (node.called().equals("torch.linear")) {
            arguments.set(0, "torch.contiguous(%s)".formatted(arguments.get(0)));
        }
        return node.with(node.called(), arguments).statements();
    }

    /**
     * Returns a class with a method. It copies the searched input, so that a network that works in
     * place can't change the caller's, and the memory has libtorch's alignment.
     */
    private HookedSource source(List<String> lines, String returns, boolean fakeRelu, Optional<String> methods) {
        var source = new StringBuilder("class Net(Module):\n  __parameters__ = []\n");
        source.append("  __buffers__ = [");
        graph.attributes()
                .forEach(held -> source.append('"').append(held.name()).append("\", "));
        source.append("]\n  training : bool\n  _is_full_backward_hook : Optional[bool]\n");
        graph.attributes()
                .forEach(held -> source.append("  ").append(held.name()).append(" : Tensor\n"));
        source.append("  def %s(self: %s,\n    ".formatted(METHOD, CLASS))
                .append(String.join(": Tensor,\n    ", graph.inputs()))
                .append(": Tensor) -> %s:\n".formatted(returns));
        source.append("    %1$s = torch.clone(%1$s)\n".formatted(graph.input()));
        graph.attributes().forEach(held -> source.append("    %1$s = self.%1$s\n".formatted(held.name())));
        lines.forEach(line -> source.append("    ").append(line).append('\n'));
        methods.ifPresent(source::append);
        return new HookedSource(Map.of(FILE, source.toString()), METHOD, fakeRelu);
    }
}
