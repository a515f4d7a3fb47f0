package stir.backend.onnx;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.modules.ModulePaths;

/**
 * The names of layers for users: the paths of PyTorch modules that an exporter recorded, and the
 * names of tensors. A path takes precedence over a tensor of the same name.
 */
final class NamedLayers {
    private final ModulePaths modules;
    private final Set<String> tensors;

    /** Reads the names in a graph, which must be those that its exporter gave. */
    NamedLayers(Graph graph) {
        this.modules = new ModulePaths(graph);
        this.tensors = graph.producers().keySet();
    }

    /**
     * Returns the tensor with a user's name of a layer.
     *
     * @throws UsageException if there is none, or more than one
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
            throw new UsageException("'%s' can't be measured, because %s.".formatted(name, refusal.get()));
        }
        return place.get().tensor();
    }

    private UsageException unknown(String name) {
        var known = new TreeSet<>(tensors);
        known.addAll(modules.names());
        var refusal = NearestNames.unknownLayer(name, known);
        boolean mayBeMissing =
                !modules.names().isEmpty() && NearestNames.meant(name, known).isEmpty();
        return mayBeMissing
                ? new UsageException(
                        refusal.getMessage()
                                .replaceFirst(
                                        "\\.$",
                                        "; modules that do nothing, or that the exporter merged into others, are missing from the file."),
                        Remedy.NAME_LAYER)
                : refusal;
    }

    /** Returns the modules that end at a tensor, inner ones first, or the tensor's own name. */
    List<String> of(String tensor) {
        var names = modules.endingAt(tensor);
        if (names.isEmpty()) {
            boolean taken = modules.find(tensor).isPresent();
            return taken ? List.of() : List.of(tensor);
        }
        return names;
    }

    /** Returns the outermost module that ends at a tensor. */
    Optional<String> module(String tensor) {
        return modules.endingAt(tensor).stream().reduce((inner, outer) -> outer);
    }

    /** Returns the name of the input of the innermost module that receives a tensor. */
    Optional<String> input(String tensor) {
        return modules.startingAt(tensor);
    }

    /** Returns the modules near a tensor whose results are not in the file. */
    List<String> refusedNear(String tensor) {
        return modules.refusedAt(tensor);
    }

    /** Returns, as a sentence, why a module's result is not in the file. */
    String obstacle(String module) {
        var refusal = modules.find(module).flatMap(ModulePaths.Place::refusal).orElse("");
        return refusal.substring(0, 1).toUpperCase(Locale.ROOT) + refusal.substring(1) + ".";
    }
}
