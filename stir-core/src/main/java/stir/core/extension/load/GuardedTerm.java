package stir.core.extension.load;

import stir.api.BackendException;
import stir.api.ObjectiveTerm;
import stir.api.Shape;

import java.util.Map;

/**
 * A term of objectives from a plug-in. The facts that it reports about itself are read once; its
 * unexpected failures, and NaN as a value, become a {@link BackendException} that names the jar.
 */
record GuardedTerm(
        PluginCalls plugin,
        ObjectiveTerm term,
        String id,
        String description,
        Map<String, String> parameters)
        implements ObjectiveTerm {
    /**
     * Guards a term.
     *
     * @throws BackendException if its facts are invalid
     */
    static GuardedTerm of(PluginCalls jar, ObjectiveTerm term) {
        var id = jar.id(term::id);
        var plugin = jar.to("term", id);
        return new GuardedTerm(
                plugin,
                term,
                id,
                plugin.text(term::description),
                plugin.call(() -> Map.copyOf(term.parameters())));
    }

    @Override
    public ObjectiveTerm with(Map<String, String> values) {
        var other = plugin.call(() -> term.with(values));
        return other == term ? this : of(plugin, other);
    }

    @Override
    public Evaluation on(Shape input) {
        var evaluation = plugin.call(() -> term.on(input));
        return (weight, pixels, gradient) -> {
            double value = plugin.call(() -> evaluation.add(weight, pixels, gradient));
            if (Double.isNaN(value)) {
                throw plugin.fault("returned NaN");
            }
            return value;
        };
    }
}
