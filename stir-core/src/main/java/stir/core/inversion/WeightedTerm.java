package stir.core.inversion;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import stir.api.UsageException;

/**
 * A term of the objective that depends only on the pixels, for example to favour natural images: a
 * {@link stir.api.ObjectiveTerm} by its id. Its weight is relative to the distance, which has
 * weight 1. Weights of papers that weigh the distance itself are divided by the distance's weight.
 *
 * @param id the term's id
 * @param parameters the values as text, by parameter name; other parameters have their defaults
 * @param weight the factor of the term's value; above 0
 * @since 0.1.0
 */
public record WeightedTerm(String id, Map<String, String> parameters, double weight) {
    /** Checks the weight and copies the parameters. */
    public WeightedTerm {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new UsageException(
                    "The weight of %s must be above 0, not %s: omit the term to disable it.".formatted(id, weight));
        }
    }

    /**
     * Reads {@code ID:WEIGHT} or {@code ID?NAME=VALUE&NAME=VALUE:WEIGHT}.
     *
     * @throws UsageException if the text is neither
     */
    public static WeightedTerm parse(String text) {
        int colon = text.lastIndexOf(':');
        int mark = text.indexOf('?');
        int end = mark < 0 ? colon : mark;
        if (end < 1 || mark > colon) {
            throw unreadable(text);
        }
        var parameters = new TreeMap<String, String>();
        if (mark >= 0) {
            for (var part : text.substring(mark + 1, colon).split("&", -1)) {
                int equals = part.indexOf('=');
                if (equals < 1) {
                    throw unreadable(text);
                }
                parameters.put(part.substring(0, equals).strip(), part.substring(equals + 1));
            }
        }
        try {
            double weight = Double.parseDouble(text.substring(colon + 1));
            return new WeightedTerm(text.substring(0, end).strip(), parameters, weight);
        } catch (NumberFormatException e) {
            throw unreadable(text);
        }
    }

    private static UsageException unreadable(String text) {
        return new UsageException(
                "'%s' is not a term: use its id, parameters after a question mark if it has some, and its weight, as in tv?beta=3:0.1."
                        .formatted(text));
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return (parameters.isEmpty()
                        ? id
                        : parameters.entrySet().stream()
                                .map(Map.Entry::toString)
                                .collect(Collectors.joining("&", id + "?", "")))
                + ":"
                + weight;
    }
}
