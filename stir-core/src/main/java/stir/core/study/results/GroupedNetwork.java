package stir.core.study.results;

import stir.core.score.StudiedLayer;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.plan.PlannedModel;

import java.util.List;
import java.util.Map;

/**
 * A network of a study with its groups.
 *
 * @param name the name in results
 * @param layers the measured layers, in the order in which the network computes them
 * @param factors its groups by factor
 * @since 0.1.0
 */
public record GroupedNetwork(String name, List<String> layers, Map<String, String> factors) {
    /** Copies the layers. */
    public GroupedNetwork {
        layers = List.copyOf(layers);
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
