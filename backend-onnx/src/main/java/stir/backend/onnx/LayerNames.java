package stir.backend.onnx;

import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.modules.ModulePaths;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What users call layers: the paths of PyTorch modules where an exporter left them, and tensors'
 * names. A path goes before a tensor of the same name.
 */
final class LayerNames {
    private final ModulePaths modules;
    private final Set<String> tensors;

    /** Reads a graph, which must have the names that its exporter gave. */
    LayerNames(Graph graph) {
        this.modules = new ModulePaths(graph);
        this.tensors = graph.producers().keySet();
    }

    /**
     * Returns the tensor that a user means.
     *
     * @throws UsageException if there is none, or not just one
     */
    String tensor(String name) {
        var place = modules.find(name);
        if (place.isEmpty()) {
            if (!tensors.contains(name)) {
                throw unknown(name);
            }
            return name;
        }
        var refusal = place.get().refusal();
        if (refusal.isPresent()) {
            throw new UsageException(
                    "'%s' can't be measured, since %s.".formatted(name, refusal.get()));
        }
        return place.get().tensor();
    }

    private UsageException unknown(String name) {
        var known = new TreeSet<>(tensors);
        known.addAll(modules.names());
        var sentence = NearestNames.sentence("layer", name, known);
        return new UsageException(
                modules.names().isEmpty()
                        ? sentence
                        : sentence.replaceFirst(
                                "\\.$",
                                "; modules that do nothing, or that the exporter merged into others, are not in the file."));
    }

    /** Returns the modules that end at a tensor, inner ones first, or else the tensor's own name. */
    List<String> of(String tensor) {
        var names = modules.endingAt(tensor);
        if (names.isEmpty()) {
            boolean taken = modules.find(tensor).isPresent();
            return taken ? List.of() : List.of(tensor);
        }
        return names;
    }

    /** Returns the one name that stands for a tensor in the first place. */
    String first(String tensor) {
        var names = of(tensor);
        return names.isEmpty() ? tensor : names.get(0);
    }

    /** Returns the modules near a tensor that have no result of their own in the file. */
    List<String> refusedNear(String tensor) {
        return modules.refusedAt(tensor);
    }

    /** Why a module has no result of its own in the file, as a sentence. */
    String obstacle(String module) {
        var refusal = modules.find(module).flatMap(ModulePaths.Place::refusal).orElse("");
        return refusal.substring(0, 1).toUpperCase(Locale.ROOT) + refusal.substring(1) + ".";
    }
}
