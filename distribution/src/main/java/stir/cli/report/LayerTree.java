package stir.cli.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import stir.api.Layer;

/**
 * Layers below the layers that contain them, by their names: {@code a.b}, {@code a/b}, {@code a@in}
 * and {@code a#2} are below {@code a}, if there is a layer {@code a}. What contains others stands
 * where the first of them is computed.
 */
final class LayerTree {
    private static final String SEPARATORS = "./@#:";

    private final Map<String, Layer> layers = new LinkedHashMap<>();
    private final Map<String, List<Layer>> children = new LinkedHashMap<>();
    private final List<Layer> roots = new ArrayList<>();

    /** Creates the tree of the given layers, which are in the order of computation. */
    LayerTree(Collection<Layer> all) {
        all.forEach(layer -> layers.put(layer.name(), layer));
        var placed = new LinkedHashMap<String, Layer>();
        all.forEach(layer -> place(layer, placed));
    }

    /** Adds a layer below its parent, after the parent itself. */
    private void place(Layer layer, Map<String, Layer> placed) {
        if (placed.putIfAbsent(layer.name(), layer) != null) {
            return;
        }
        var parent = parent(layer.name());
        parent.ifPresent(above -> place(above, placed));
        parent.map(above -> children.computeIfAbsent(above.name(), name -> new ArrayList<>()))
                .orElse(roots)
                .add(layer);
    }

    private Optional<Layer> parent(String name) {
        for (int end = name.length() - 1; end > 0; end--) {
            if (SEPARATORS.indexOf(name.charAt(end)) >= 0) {
                var above = layers.get(name.substring(0, end));
                if (above != null) {
                    return Optional.of(above);
                }
            }
        }
        return Optional.empty();
    }

    /** Visits each layer with its depth in the tree. */
    void visit(ObjIntConsumer<Layer> visitor) {
        visit(roots, 0, visitor);
    }

    private void visit(List<Layer> some, int depth, ObjIntConsumer<Layer> visitor) {
        for (var layer : some) {
            visitor.accept(layer, depth);
            visit(children.getOrDefault(layer.name(), List.of()), depth + 1, visitor);
        }
    }
}
