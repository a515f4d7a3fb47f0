package stir.core.extension.catalogue;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import stir.api.ObjectiveTerm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.core.extension.ExtensionCode;
import stir.core.extension.Extensions;

/**
 * A catalogue of terms of objectives by their ids.
 *
 * @since 0.1.0
 */
public final class TermCatalogue {
    private final Map<String, ObjectiveTerm> terms;
    private final ExtensionCode code;

    /** Creates a catalogue of the terms that were found. */
    public TermCatalogue(Extensions extensions) {
        this(extensions.terms(), extensions.code());
    }

    private TermCatalogue(Map<String, ObjectiveTerm> terms, ExtensionCode code) {
        this.terms = terms;
        this.code = code;
    }

    /** Returns a catalogue of the terms on the module or class path only. */
    public static TermCatalogue ofApplication() {
        var terms = new TreeMap<String, ObjectiveTerm>();
        ServiceLoader.load(ObjectiveTerm.class, TermCatalogue.class.getClassLoader())
                .forEach(term -> terms.putIfAbsent(term.id(), term));
        return new TermCatalogue(terms, new ExtensionCode());
    }

    /**
     * Returns the term of an id with parameters.
     *
     * @param parameters the parameters' values as text, by name
     * @throws UsageException if it is unknown, or does not accept its parameters; the message names
     *     the available ones
     */
    public ObjectiveTerm select(String id, Map<String, String> parameters) {
        return NearestNames.spelt(id, terms.keySet())
                .map(terms::get)
                .orElseThrow(() -> new UsageException(NearestNames.sentence("term", id, terms.keySet())))
                .with(parameters);
    }

    /** Returns the hash of the jars of a term; empty for one of Stir or one that is unknown. */
    public Optional<String> sha256(String id) {
        return NearestNames.spelt(id, terms.keySet()).flatMap(known -> code.sha256(ObjectiveTerm.class, known));
    }

    /**
     * Checks that a term is known, takes its parameters and is defined for the inputs.
     *
     * @param parameters the parameters' values as text, by name
     * @param inputs their shape
     * @throws UsageException if not
     */
    public void check(String id, Map<String, String> parameters, Shape inputs) {
        select(id, parameters).on(inputs);
    }
}
