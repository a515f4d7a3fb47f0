package stir.api;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A reason not to trust a value. It holds no sentence: {@code stir.core.score.CautionText} writes
 * one for its kinds, and the kind and the facts for all others. Immutable.
 *
 * @param kind a short and stable name in lower case, words joined by hyphens: {@code
 *     more-features-than-inputs}
 * @param measure the name of the measure whose value it is about; empty if it is about all
 * @param facts numbers and texts by name, sorted: each a {@link Long}, a finite {@link Double} or a
 *     {@link String}; other numbers are converted on entry
 * @since 0.1.0
 */
public record Caution(String kind, Optional<String> measure, Map<String, Object> facts) {
    /** Copies the facts. */
    public Caution {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(measure, "measure");
        var sorted = new TreeMap<String, Object>();
        facts.forEach((name, value) -> sorted.put(name, fact(value)));
        facts = Collections.unmodifiableMap(sorted);
    }

    /** Returns a caution about all measures, or about the measure that returns it. */
    public static Caution of(String kind, Map<String, Object> facts) {
        return new Caution(kind, Optional.empty(), facts);
    }

    private static Object fact(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? number : Double.toString(number);
        }
        if (value instanceof String) {
            return value;
        }
        throw new IllegalArgumentException(
                "A fact is a number or a text, not " + value.getClass().getName());
    }

    /** Returns a hash of the parts; the first use of a generated hash would take 5 ms. */
    @Override
    public int hashCode() {
        return Objects.hash(kind, measure, facts);
    }

    /** Returns a copy of this caution about a measure. */
    public Caution about(String name) {
        return new Caution(kind, Optional.of(name), facts);
    }

    /** Returns a copy of this caution with one more fact. */
    public Caution with(String name, Object value) {
        var more = new TreeMap<>(facts);
        more.put(name, value);
        return new Caution(kind, measure, more);
    }

    /**
     * Returns a copy of this caution with 0 for each number: cautions that are then equal differ
     * only in numbers, and a reader needs only one of them.
     */
    public Caution withoutNumbers() {
        var plain = new HashMap<>(facts);
        plain.replaceAll((name, fact) -> fact instanceof Number ? 0 : fact);
        return new Caution(kind, measure, plain);
    }
}
