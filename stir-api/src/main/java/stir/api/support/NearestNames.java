package stir.api.support;

import stir.api.UsageException;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Answers an unknown name with the known ones that are written most like it.
 *
 * @since 0.1.0
 */
public final class NearestNames {
    private static final int SHOWN = 5;

    private NearestNames() {}

    /**
     * A sentence that says that there is no such name and lists the nearest ones, for a {@link
     * UsageException}.
     *
     * @param what what is named, in a word: {@code layer}
     * @param name the unknown name
     * @param known all names that there are
     */
    public static String sentence(String what, String name, Collection<String> known) {
        var nearest = nearest(name, known);
        if (nearest.isEmpty()) {
            return "There is no %s '%s': there are none at all.".formatted(what, name);
        }
        return "There is no %s '%s': %s %s."
                .formatted(
                        what,
                        name,
                        nearest.size() == known.size()
                                ? "take one of"
                                : "the nearest of %d are".formatted(known.size()),
                        String.join(", ", nearest));
    }

    /**
     * The known names nearest to a name, the nearest first; at most five. Those that have it as one
     * of their parts come before those that are only spelt alike: {@code cka} means {@code
     * linear-cka} rather than {@code cca}.
     */
    public static List<String> nearest(String name, Collection<String> known) {
        var lower = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .sorted(
                        Comparator.comparing((String candidate) -> !hasPart(candidate, lower))
                                .thenComparingInt(candidate -> distance(lower, candidate)))
                .limit(SHOWN)
                .toList();
    }

    private static boolean hasPart(String name, String part) {
        return !part.isEmpty()
                && ("-" + name.toLowerCase(Locale.ROOT) + "-").contains("-" + part + "-");
    }

    /**
     * The number of characters to insert, delete or replace to turn one name into the other;
     * Levenshtein, Binary codes capable of correcting deletions, insertions, and reversals, 1966.
     */
    static int distance(String a, String b) {
        var previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
