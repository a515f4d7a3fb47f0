package stir.core.extension.load;

import stir.api.BackendException;
import stir.api.ObjectiveTerm;
import stir.api.Shape;

import java.util.Map;

/**
 * A term of objectives out of a plug-in. What it says about itself is asked once; what it throws,
 * or a value that is no number, is a {@link BackendException} that names the jar.
 */
final class GuardedTerm implements ObjectiveTerm {
    private final PluginCalls plugin;
    private final ObjectiveTerm term;
    private final String id;
    private final String name;
    private final String description;
    private final Map<String, String> parameters;

    /**
     * Guards a term.
     *
     * @throws BackendException if what it says about itself can't be used
     */
    GuardedTerm(PluginCalls plugin, ObjectiveTerm term) {
        this.plugin = plugin;
        this.term = term;
        this.id = plugin.id(term::id);
        this.name = "the term '" + id + "'";
        this.description = plugin.text("the description of " + name, term::description);
        this.parameters = plugin.call(name, () -> Map.copyOf(term.parameters()));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters;
    }

    @Override
    public ObjectiveTerm with(Map<String, String> values) {
        var other = plugin.call(name, () -> term.with(values));
        return other == term ? this : new GuardedTerm(plugin, other);
    }

    @Override
    public Evaluation on(Shape input) {
        var evaluation = plugin.call(name, () -> term.on(input));
        return (weight, pixels, gradient) -> {
            double value = plugin.call(name, () -> evaluation.add(weight, pixels, gradient));
            if (Double.isNaN(value)) {
                throw plugin.fault("gives no number by " + name);
            }
            return value;
        };
    }
}
