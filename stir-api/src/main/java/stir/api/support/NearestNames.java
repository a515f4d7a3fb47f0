package stir.api.support;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import stir.api.Remedy;
import stir.api.UsageException;

/**
 * Suggestions for an unknown name: the known names with the most similar spelling.
 *
 * @since 0.1.0
 */
public final class NearestNames {
    private static final int SHOWN = 5;

    /** The differing characters of a near name; {@link #LETTERS_PER_TYPO} may allow more. */
    private static final int TYPOS = 2;

    private static final int LETTERS_PER_TYPO = 3;

    private static final int SHORTEST_PART = 3;

    /** Parts of words by their other spelling, British or American. */
    private static final Map<String, String> SPELLINGS =
            Map.of("is", "iz", "our", "or", "grey", "gray", "centre", "center");

    private NearestNames() {}

    /**
     * Returns a sentence that rejects an unknown name and lists the nearest ones, for a {@link
     * UsageException}.
     *
     * @param kind the kind of thing that is named, such as {@code layer}
     * @param name the unknown name
     * @param known all valid names
     */
    public static String sentence(String kind, String name, Collection<String> known) {
        return "There is no %s '%s': %s.".formatted(kind, name, among(name, known));
    }

    /**
     * Returns the exception for an unknown layer.
     *
     * @param name the unknown name
     * @param known the names of all layers
     */
    public static UsageException unknownLayer(String name, Collection<String> known) {
        return new UsageException(sentence("layer", name, known), Remedy.NAME_LAYER);
    }

    /**
     * Returns the suggestions for an unknown name as part of a sentence: all names if they are few,
     * otherwise the nearest ones.
     *
     * @param name the unknown name
     * @param known all valid names
     */
    public static String among(String name, Collection<String> known) {
        if (known.isEmpty()) {
            return "there are none at all";
        }
        if (known.size() <= SHOWN) {
            return "use one of " + String.join(", ", sorted(name, known));
        }
        var nearest = nearest(name, known);
        var names = String.join(", ", nearest);
        if (meant(name, known).isEmpty()) {
            return "there are %d, such as %s".formatted(known.size(), names);
        }
        return "the nearest of %d %s %s".formatted(known.size(), nearest.size() == 1 ? "is" : "are", names);
    }

    /**
     * Returns at most five known names near to a name, the nearest first, or the first five as
     * examples if none is near. Names that contain it as a part precede names that are only spelt
     * alike, and keep their order: {@code cka} means {@code linear-cka} rather than {@code cca}.
     */
    public static List<String> nearest(String name, Collection<String> known) {
        var near = known.stream().filter(candidate -> isNear(name, candidate)).toList();
        return sorted(name, near.isEmpty() ? known : near).stream().limit(SHOWN).toList();
    }

    /** Returns the known name that was most probably meant; empty if none is near. */
    public static Optional<String> meant(String name, Collection<String> known) {
        return nearest(name, known).stream()
                .filter(candidate -> isNear(name, candidate))
                .findFirst();
    }

    /**
     * Returns the known name that equals a name, or differs from it only in British or American
     * spelling: {@code optimiser} is {@code optimizer}. Empty if there is none.
     */
    public static Optional<String> spelt(String name, Collection<String> known) {
        return known.contains(name)
                ? Optional.of(name)
                : known.stream()
                        .filter(candidate -> american(candidate).equals(american(name)))
                        .findFirst();
    }

    private static String american(String name) {
        var american = name;
        for (var spelling : SPELLINGS.entrySet()) {
            american = american.replace(spelling.getKey(), spelling.getValue());
        }
        return american;
    }

    private static List<String> sorted(String name, Collection<String> known) {
        var lower = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .sorted(Comparator.comparing((String candidate) -> !hasPart(candidate, lower))
                        .thenComparingInt(candidate -> difference(lower, candidate)))
                .toList();
    }

    /** Returns the distance; 1 for names with the other as a part, which keep their order. */
    private static int difference(String lower, String candidate) {
        int distance = distance(lower, candidate);
        return hasPart(candidate, lower) ? Math.min(1, distance) : distance;
    }

    /** Returns whether a known name may be meant: it contains the other or is spelt similarly. */
    private static boolean isNear(String name, String known) {
        var lower = name.toLowerCase(Locale.ROOT);
        var candidate = known.toLowerCase(Locale.ROOT);
        int longer = Math.max(lower.length(), candidate.length());
        return (lower.length() >= SHORTEST_PART && candidate.contains(lower))
                || hasPart(candidate, lower)
                || distance(lower, candidate) <= Math.max(TYPOS, longer / LETTERS_PER_TYPO);
    }

    private static boolean hasPart(String name, String part) {
        return !part.isEmpty() && ("-" + name.toLowerCase(Locale.ROOT) + "-").contains("-" + part + "-");
    }

    /**
     * Returns the number of characters to insert, delete or replace to turn one name into the
     * other; Levenshtein, Binary codes capable of correcting deletions, insertions, and reversals,
     * 1966.
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
