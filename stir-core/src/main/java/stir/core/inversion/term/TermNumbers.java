package stir.core.inversion.term;

import java.util.Collection;
import java.util.Map;
import stir.api.Norm;
import stir.api.UsageException;

/**
 * The parameters of a term, parsed on demand.
 *
 * @param term the term's id, for messages
 * @param values the parameters' values as text, by name
 */
record TermNumbers(String term, Map<String, String> values) {
    /**
     * Creates the parameters of a term.
     *
     * @param known the names of the term's parameters
     * @throws UsageException if another name is given
     */
    static TermNumbers of(String term, Map<String, String> values, Collection<String> known) {
        for (var name : values.keySet()) {
            if (!known.contains(name)) {
                throw new UsageException("The term '%s' has no parameter '%s': it has %s."
                        .formatted(term, name, String.join(", ", known)));
            }
        }
        return new TermNumbers(term, values);
    }

    /** Returns a number, or the default if it is not given. */
    double number(String name, double otherwise) {
        var text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "The parameter '%s' of the term '%s' is a number, not '%s'.".formatted(name, term, text), e);
        }
    }

    /** Returns a norm, or the default if it is not given. */
    Norm norm(String name, Norm otherwise) {
        var text = values.get(name);
        return text == null ? otherwise : Norm.parse(text);
    }
}
