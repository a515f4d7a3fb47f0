package stir.core.study.results;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.plan.PlannedModel;

/**
 * A network of a study with its groups.
 *
 * @param name the name in results
 * @param layers the measured layers, in the order in which the network computes them
 * @param factors its groups by factor
 * @since 0.1.0
 */
public record GroupedNetwork(String name, List<String> layers, Map<String, String> factors) {
    /** Copies the layers and the factors, in their order. */
    public GroupedNetwork {
        layers = List.copyOf(layers);
        factors = Collections.unmodifiableMap(new LinkedHashMap<>(factors));
    }

    /** Returns the network of a model. */
    static GroupedNetwork of(PlannedModel model) {
        return new GroupedNetwork(
                model.name(),
                model.layers().stream().map(PlannedLayer::name).toList(),
                model.model().factors());
    }

    StudiedLayer at(int position) {
        return new StudiedLayer(name, layers.get(position));
    }
}
