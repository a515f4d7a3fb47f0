package stir.core.examination;

import stir.api.Experimental;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.Refusal;
import stir.api.Shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was found out about a network's file.
 *
 * @param model the model's file
 * @param backend the id of the backend that runs it
 * @param origin how the file came to be: {@link stir.api.Model#origin}
 * @param input what the model takes
 * @param shape of one input as the model took it here; empty if sizes are free and none were given,
 *     so that nothing could be run
 * @param layers that the network has at this shape; empty if they could not be listed
 * @param layer the one that is measured; empty if none could be determined
 * @param gradients whether the gradients are right, at that layer and at further ones that were
 *     named, by their names; empty if none could be tried
 * @param searches what searches cost at that layer, by optimiser; empty if none is possible
 * @param differences from another export, layer by layer; empty if there is none
 * @param problems what is wrong; empty if nothing is
 * @since 0.1.0
 */
@Experimental
public record Examination(
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
    public Examination {
        origin = Collections.unmodifiableMap(new LinkedHashMap<>(origin));
        layers = List.copyOf(layers);
        gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
        searches = List.copyOf(searches);
        differences = List.copyOf(differences);
        problems = List.copyOf(problems);
    }

    /** The layers that can be searched: with a gradient. */
    public List<Layer> searchable() {
        return layers.stream().filter(other -> other.obstacle().isEmpty()).toList();
    }

    /** The layers that can be measured, searchable or not. */
    public List<Layer> measurable() {
        return layers.stream().filter(Layer::measurable).toList();
    }

    /**
     * The layers that lack something, by the sentence that tells why, in the order of computation.
     *
     * @param measurable whether those without a gradient are wanted, or those that can't be
     *     measured at all
     */
    public Map<String, List<String>> lacking(boolean measurable) {
        var names = new LinkedHashMap<String, List<String>>();
        for (var other : layers) {
            if (other.measurable() == measurable && other.obstacle().isPresent()) {
                names.computeIfAbsent(other.obstacle().get(), why -> new ArrayList<>())
                        .add(other.name());
            }
        }
        return names;
    }
}
