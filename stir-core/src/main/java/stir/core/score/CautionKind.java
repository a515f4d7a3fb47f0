package stir.core.score;

import java.util.regex.Pattern;

/**
 * What cautions have in common that differ in numbers alone, so that each is said once.
 *
 * @param text the caution without its numbers
 * @since 0.1.0
 */
public record CautionKind(String text) {
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

    /** The kind of a caution. */
    public static CautionKind of(String caution) {
        return new CautionKind(NUMBER.matcher(caution).replaceAll("#"));
    }
}
