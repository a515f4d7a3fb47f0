package stir.backend.onnx.modules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.Tensor;

/**
 * The origins that PyTorch's tracing exporter ({@code dynamo=False}) encodes in names: {@code
 * /layer1/layer1.0/conv1/Conv_output_0}. Each part is a module's own name with the following
 * indices, so a part may repeat the previous one. A container that is never called, such as {@code
 * ModuleDict}, is missing and is restored from the names of weights. A module's second call has the
 * suffix {@code _1}, which may also be part of another module's name.
 */
final class TracedScopes {
    private static final Pattern NUMBERED = Pattern.compile("(.+)_([1-9]\\d{0,5})");

    /** A part of a name, as it is written. */
    private static final class NamePart {
        final Map<String, NamePart> inside = new LinkedHashMap<>();
        final List<Node> nodes = new ArrayList<>();
        final String part;
        String path = "";
        OptionalInt call = OptionalInt.empty();

        NamePart(String part) {
            this.part = part;
        }
    }

    private final Graph graph;
    private final NamePart root = new NamePart("");
    private final Set<String> ambiguous = new HashSet<>();

    TracedScopes(Graph graph) {
        this.graph = graph;
        for (var node : graph.nodes()) {
            var parts = parts(node);
            if (parts.isPresent()) {
                var scope = root;
                for (var part : parts.get()) {
                    scope = scope.inside.computeIfAbsent(part, NamePart::new);
                }
                scope.nodes.add(node);
            }
        }
        resolve(root);
    }

    /** Returns the paths that may be two modules or two calls of one. */
    Set<String> ambiguous() {
        return Set.copyOf(ambiguous);
    }

    /** Returns the origin of a node; empty if its names do not contain it. */
    Optional<NodeOrigin> of(Node node) {
        return parts(node).map(this::origin);
    }

    private NodeOrigin origin(List<String> parts) {
        var modules = new ArrayList<String>();
        var scope = root;
        for (var part : parts) {
            scope = scope.inside.getOrDefault(part, scope);
            modules.add(scope.path);
        }
        return new NodeOrigin(modules, scope.call, Optional.empty());
    }

    /** Returns the parts of a node's scope; its result's name takes precedence over its own. */
    private static Optional<List<String>> parts(Node node) {
        return parts(node.output(0)).or(() -> parts(node.name()));
    }

    private static Optional<List<String>> parts(String name) {
        var parts = Arrays.asList(name.split("/", -1));
        return parts.size() < 2 || !parts.get(0).isEmpty()
                ? Optional.empty()
                : Optional.of(parts.subList(1, parts.size() - 1)).filter(p -> !p.contains(""));
    }

    /** Returns whether a node and its result have names of different modules. */
    static boolean isRenamed(Node node) {
        var own = parts(node.name());
        var result = parts(node.output(0));
        return own.isPresent() && result.isPresent() && !own.equals(result);
    }

    private void resolve(NamePart outer) {
        for (var scope : outer.inside.values()) {
            var name = scope.part;
            var base = repeated(outer, scope);
            if (base != null) {
                name = base.part;
                scope.call = OptionalInt.of(number(scope));
            } else if (!scope.nodes.isEmpty()) {
                scope.call = OptionalInt.of(0);
            }
            scope.path = path(outer, name, owners(base == null ? scope : base));
            if (base != null && isAmbiguous(outer, scope)) {
                ambiguous.add(scope.path);
                ambiguous.add(path(outer, scope.part, Set.of()));
            }
            resolve(scope);
        }
    }

    private static int number(NamePart scope) {
        var match = NUMBERED.matcher(scope.part);
        return match.matches() ? Integer.parseInt(match.group(2)) : 0;
    }

    /** Returns the scope of the first call if the given one is that of a later call, else null. */
    private @Nullable NamePart repeated(NamePart outer, NamePart scope) {
        var match = NUMBERED.matcher(scope.part);
        if (!match.matches() || !scope.inside.isEmpty()) {
            return null;
        }
        var base = outer.inside.get(match.group(1));
        if (base == null || base.nodes.isEmpty()) {
            return null;
        }
        for (int i = Integer.parseInt(match.group(2)) - 1; i > 0; i--) {
            if (!outer.inside.containsKey(match.group(1) + "_" + i)) {
                return null;
            }
        }
        for (var owner : owners(scope)) {
            if (endsWith(owner, scope.part)) {
                return null;
            } else if (endsWith(owner, base.part)) {
                return base;
            }
        }
        return operators(scope).equals(operators(base)) && sameWeights(scope, base) ? base : null;
    }

    private static boolean endsWith(String path, String part) {
        return path.equals(part) || path.endsWith("." + part);
    }

    private static List<String> operators(NamePart scope) {
        return scope.nodes.stream()
                .map(Node::kind)
                .filter(kind -> !kind.equals("Constant"))
                .toList();
    }

    private boolean sameWeights(NamePart a, NamePart b) {
        var first = weights(a);
        var second = weights(b);
        if (first.size() != second.size()) {
            return false;
        }
        for (int i = 0; i < first.size(); i++) {
            if (!first.get(i).type().equals(second.get(i).type())
                    || !first.get(i).external().equals(second.get(i).external())
                    || !first.get(i).data().equals(second.get(i).data())) {
                return false;
            }
        }
        return true;
    }

    private List<Tensor> weights(NamePart scope) {
        var weights = new ArrayList<Tensor>();
        for (var node : scope.nodes) {
            for (var name : node.inputs()) {
                var tensor = graph.initialisers().get(name);
                if (tensor != null) {
                    weights.add(tensor);
                }
            }
        }
        return weights;
    }

    /**
     * Returns whether a repeated scope may be another module: next to weightless modules that are
     * certainly named with a number, {@code relu_1} may be one, too.
     */
    private boolean isAmbiguous(NamePart outer, NamePart scope) {
        return weights(scope).isEmpty()
                && outer.inside.values().stream().anyMatch(other -> {
                    var match = NUMBERED.matcher(other.part);
                    return match.matches()
                            && outer.inside.containsKey(match.group(1))
                            && repeated(outer, other) == null;
                });
    }

    /** Returns the full paths of the modules whose weights are read in a scope. */
    private Set<String> owners(NamePart scope) {
        var owners = new LinkedHashSet<String>();
        for (var node : scope.nodes) {
            for (var name : node.inputs()) {
                int dot = name.lastIndexOf('.');
                if (dot > 0 && graph.initialisers().containsKey(name) && !name.contains("::")) {
                    owners.add(name.substring(0, dot));
                }
            }
        }
        scope.inside.values().forEach(inner -> owners.addAll(owners(inner)));
        return owners;
    }

    /** Returns the full path of a module called by another one. */
    private static String path(NamePart outer, String part, Set<String> owners) {
        var parent = outer.path;
        var path = !outer.part.isEmpty() && part.startsWith(outer.part + ".")
                ? parent.substring(0, parent.length() - outer.part.length()) + part
                : parent.isEmpty() ? part : parent + "." + part;
        if (owners.stream().anyMatch(owner -> ModuleCalls.isWithin(owner, path))) {
            return path;
        }
        var modulePaths = new HashSet<String>();
        for (var owner : owners) {
            int end = endOfPart(owner, part, ModuleCalls.isWithin(owner, parent) ? parent.length() + 1 : 0);
            if (end > 0) {
                modulePaths.add(owner.substring(0, end));
            }
        }
        return modulePaths.size() == 1 ? modulePaths.iterator().next() : path;
    }

    /** Returns the end of a module's own name in a path, searched from an index, or -1. */
    private static int endOfPart(String path, String part, int from) {
        var closed = path + ".";
        int at = closed.indexOf(part + ".", from);
        while (at > 0 && closed.charAt(at - 1) != '.') {
            at = closed.indexOf(part + ".", at + 1);
        }
        return at < 0 ? -1 : at + part.length();
    }
}
