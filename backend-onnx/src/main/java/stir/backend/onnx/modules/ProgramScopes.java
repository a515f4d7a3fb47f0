package stir.backend.onnx.modules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import stir.backend.onnx.graph.Node;

/**
 * The origins that PyTorch's program exporter ({@code dynamo=True}) records in the metadata of
 * nodes: the modules' full paths, and the line of the program.
 */
final class ProgramScopes {
    private static final String SCOPES = "pkg.torch.onnx.name_scopes";
    private static final String NAMESPACE = "namespace";
    private static final String LINE = "pkg.torch.onnx.fx_node";
    private static final String RULES = "pkg.onnxscript.rewriter.rule_name";
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");
    private static final Pattern NUMBERED = Pattern.compile("(.*)@(\\d{1,6})");
    private static final Pattern DEFINED = Pattern.compile("^%(\\w+) :");
    private static final Pattern ARGUMENT = Pattern.compile("%(\\w+)");

    private ProgramScopes() {}

    /** Returns the origin of a node; empty if its metadata does not contain it. */
    static Optional<NodeOrigin> of(Node node) {
        var scopes = scopes(node);
        if (scopes.size() < 2) { // only the network itself and the node
            return Optional.empty();
        }
        var modules = new ArrayList<String>();
        var call = OptionalInt.empty();
        for (var scope : scopes.subList(0, scopes.size() - 1)) {
            var numbered = NUMBERED.matcher(scope);
            boolean again = numbered.matches();
            if (!scope.isEmpty()) {
                modules.add(again ? numbered.group(1) : scope);
                call = again ? OptionalInt.of(Integer.parseInt(numbered.group(2))) : OptionalInt.empty();
            }
        }
        return Optional.of(new NodeOrigin(modules, call, step(node)));
    }

    /** Returns the scopes, such as {@code ['', 'layer1', 'layer1.0.conv1', 'conv2d']}. */
    private static List<String> scopes(Node node) {
        var scopes = node.metadata().get(SCOPES);
        if (scopes != null) {
            return QUOTED.matcher(scopes).results().map(match -> match.group(1)).toList();
        }
        var namespace = node.metadata().get(NAMESPACE); // for example ": models.Net/layer1: nn.Sequential/add:
        // aten.add"
        return namespace == null
                ? List.of()
                : Arrays.stream(namespace.split("/", -1))
                        .map(part -> part.substring(0, Math.max(0, part.indexOf(':'))))
                        .toList();
    }

    /**
     * Parses a line, such as {@code %relu : [num_users=1] = call_function[target=...](args =
     * (%add,), kwargs = {})}.
     */
    private static Optional<NodeOrigin.Step> step(Node node) {
        var line = node.metadata().getOrDefault(LINE, "");
        var defined = DEFINED.matcher(line);
        int arguments = line.indexOf("(args = ");
        if (!defined.find() || arguments < 0) {
            return Optional.empty();
        }
        Set<String> takes = ARGUMENT.matcher(line.substring(arguments))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
        var rules = node.metadata().getOrDefault(RULES, "");
        return Optional.of(new NodeOrigin.Step(defined.group(1), takes, rules));
    }
}
