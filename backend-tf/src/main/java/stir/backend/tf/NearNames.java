package stir.backend.tf;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Which known names a mistyped one may have meant. */
final class NearNames {
    private static final int SHOWN = 5;

    private NearNames() {}

    /** The nearest of some names by edit distance, for a message; "none" if there are none. */
    static String of(String wrong, Collection<String> known) {
        return known.isEmpty()
                ? "none"
                : known.stream()
                        .sorted(Comparator.comparingInt(name -> distance(wrong, name)))
                        .limit(SHOWN)
                        .collect(Collectors.joining(", "));
    }

    /** Levenshtein's distance: the insertions, deletions and replacements between two words. */
    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
