package stir.core.study;

import java.util.List;
import stir.api.Layer;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.core.study.names.NamePattern;

/** The layers that an experiment selects from a network's list. */
final class LayerNames {
    private LayerNames() {}

    /**
     * Returns the layers of a pattern; a plain name is left to the model, which may have unlisted
     * layers.
     *
     * @param model the name of the network in errors
     * @throws UsageException if none matches
     */
    static List<String> matching(String model, NamePattern pattern, List<Layer> listed) {
        if (pattern.isName()) {
            return List.of(pattern.text());
        }
        var usable = listed.stream()
                .filter(layer -> layer.obstacle().isEmpty())
                .map(Layer::name)
                .toList();
        var matching = pattern.in(usable);
        if (matching.isEmpty()) {
            throw new UsageException(
                    "%s: No layer matches '%s': %s."
                            .formatted(model, pattern.text(), NearestNames.among(pattern.text(), usable)),
                    Remedy.NAME_LAYER);
        }
        return matching;
    }

    /**
     * Returns the layers of a pattern if there are no inputs to open the network with. Names of
     * calls ({@code path#1}) and of layers' inputs ({@code path@in}) are not listed, and accepted.
     *
     * @param model the name of the network in errors
     * @throws UsageException if a pattern matches nothing, or a name is not listed
     */
    static List<String> known(String model, NamePattern pattern, List<Layer> listed) {
        var matching = matching(model, pattern, listed);
        var names = listed.stream().map(Layer::name).toList();
        for (var name : matching) {
            if (!names.contains(name) && name.indexOf('#') < 0 && name.indexOf('@') < 0) {
                throw NearestNames.unknownLayer(name, names).about(model);
            }
        }
        return matching;
    }
}
