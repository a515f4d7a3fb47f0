package stir.backend.onnx;

import stir.api.NearestNames;
import stir.api.UsageException;
import stir.backend.onnx.graph.Node;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What users call layers: tensors' names, and the paths of PyTorch modules where an exporter left
 * them. A module's path stands for the last tensor that the module computes.
 */
final class LayerNames {
    private static final String SCOPES = "pkg.torch.onnx.name_scopes";
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

    private final Map<String, String> tensorByModule = new HashMap<>();
    private final Map<String, String> moduleByTensor = new HashMap<>();

    LayerNames(List<Node> nodes) {
        for (var node : nodes) {
            module(node)
                    .ifPresent(
                            module -> {
                                var before = tensorByModule.put(module, node.output(0));
                                if (before != null) {
                                    moduleByTensor.remove(before);
                                }
                                moduleByTensor.put(node.output(0), module);
                            });
        }
    }

    /** The path of the module whose result a tensor is. */
    Optional<String> module(String tensor) {
        return Optional.ofNullable(moduleByTensor.get(tensor));
    }

    /** The tensor that a user means. */
    String tensor(String name) {
        return tensorByModule.getOrDefault(name, name);
    }

    private static Optional<String> module(Node node) {
        var scopes = node.metadata().get(SCOPES);
        return scopes == null ? fromName(node.output(0)) : fromScopes(scopes);
    }

    /** {@code ['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d']}: the last but one. */
    private static Optional<String> fromScopes(String scopes) {
        var found = QUOTED.matcher(scopes).results().map(match -> match.group(1)).toList();
        return found.size() < 2
                ? Optional.empty()
                : Optional.of(found.get(found.size() - 2)).filter(path -> !path.isEmpty());
    }

    /** {@code /layer1/layer1.0/conv1/Conv_output_0}: each part may repeat the one before it. */
    private static Optional<String> fromName(String tensor) {
        var parts = tensor.split("/", -1);
        if (parts.length < 3 || !parts[0].isEmpty()) {
            return Optional.empty();
        }
        var path = new StringBuilder(parts[1]);
        for (int i = 2; i < parts.length - 1; i++) {
            if (parts[i].startsWith(parts[i - 1] + ".")) {
                path.setLength(path.length() - parts[i - 1].length());
            } else {
                path.append('.');
            }
            path.append(parts[i]);
        }
        return Optional.of(path.toString());
    }

    /** The refusal of a name that is not among these. */
    UsageException unknown(String name, Collection<String> tensors) {
        var known = new TreeSet<>(tensors);
        known.addAll(tensorByModule.keySet());
        return new UsageException(NearestNames.sentence("layer", name, known));
    }
}
