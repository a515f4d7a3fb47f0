package stir.core.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.Experimental;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.Refusal;
import stir.api.Shape;

/**
 * The result of checking a network's file.
 *
 * @param model the model's file
 * @param backend the id of the backend that runs it
 * @param origin facts about the file's creation: {@link stir.api.Model#origin}
 * @param input the model's input
 * @param shape the shape of one input with which the model was run; empty if sizes are free and
 *     none were given, so that nothing could be run
 * @param layers the network's layers at this shape; empty if they could not be listed
 * @param layer the one that is measured; empty if none could be determined
 * @param gradients the checks of the gradients, at that layer and at other named ones, by their
 *     names; empty if none could be run
 * @param searches the cost of searches at that layer, one per optimiser; empty if none is possible
 * @param differences the differences from another export, layer by layer; empty without another
 *     export
 * @param problems the problems with their remedies
 * @since 0.1.0
 */
@Experimental
public record ExportCheck(
        String model,
        String backend,
        Map<String, String> origin,
        InputSpec input,
        Optional<Shape> shape,
        List<Layer> layers,
        Optional<Layer> layer,
        Map<String, GradientCheck> gradients,
        List<SearchEstimate> searches,
        List<LayerDifference> differences,
        List<Refusal> problems) {
    /** Copies all collections. */
    public ExportCheck {
        origin = Collections.unmodifiableMap(new LinkedHashMap<>(origin));
        layers = List.copyOf(layers);
        gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
        searches = List.copyOf(searches);
        differences = List.copyOf(differences);
        problems = List.copyOf(problems);
    }

    /** Returns the layers that can be searched, that is those with a gradient. */
    public List<Layer> searchable() {
        return layers.stream().filter(other -> other.obstacle().isEmpty()).toList();
    }

    /** Returns the layers that can be measured, searchable or not. */
    public List<Layer> measurable() {
        return layers.stream().filter(Layer::measurable).toList();
    }

    /**
     * Returns the layers with an obstacle, by its sentence, in the order of computation.
     *
     * @param measurable whether to return those that only lack a gradient, or those that can't be
     *     measured at all
     */
    public Map<String, List<String>> obstacles(boolean measurable) {
        return obstacles(layers, measurable);
    }

    /** As {@link #obstacles(boolean)}, of some layers. */
    public static Map<String, List<String>> obstacles(List<Layer> layers, boolean measurable) {
        var names = new LinkedHashMap<String, List<String>>();
        for (var other : layers) {
            if (other.measurable() == measurable && other.obstacle().isPresent()) {
                names.computeIfAbsent(other.obstacle().get(), reason -> new ArrayList<>())
                        .add(other.name());
            }
        }
        return names;
    }
}
