package stir.core.inversion.term;

import stir.api.Norm;
import stir.api.UsageException;

import java.util.Map;

/**
 * The numbers that a term is given.
 *
 * @param term the term's id, for messages
 * @param values texts by their names
 */
record TermNumbers(String term, Map<String, String> values) {
    /** The numbers of a term, all of whose names are known. */
    static TermNumbers of(String term, Map<String, String> values, Iterable<String> known) {
        for (var name : values.keySet()) {
            boolean found = false;
            for (var one : known) {
                found |= one.equals(name);
            }
            if (!found) {
                throw new UsageException(
                        "The term '%s' has no parameter '%s': it has %s."
                                .formatted(term, name, String.join(", ", known)));
            }
        }
        return new TermNumbers(term, values);
    }

    /** A number, or what holds without one. */
    double number(String name, double otherwise) {
        var text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "The parameter '%s' of the term '%s' is a number, not '%s'."
                            .formatted(name, term, text),
                    e);
        }
    }

    /** A norm, or what holds without one. */
    Norm norm(String name, Norm otherwise) {
        var text = values.get(name);
        return text == null ? otherwise : Norm.parse(text);
    }
}
