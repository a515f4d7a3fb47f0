package stir.api.support;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import stir.api.UsageException;

/**
 * The names that users write for the constants of an enum: {@code channels-first}, {@code sse4.2}.
 *
 * @since 0.1.0
 */
public final class Words {
    private static final Pattern BETWEEN_DIGITS = Pattern.compile("(?<=[0-9])_(?=[0-9])");

    private Words() {}

    /**
     * Returns the name of a constant: that in Java in lower case, with a full stop between digits
     * and with hyphens elsewhere.
     */
    public static String of(Enum<?> constant) {
        return BETWEEN_DIGITS
                .matcher(constant.name().toLowerCase(Locale.ROOT))
                .replaceAll(".")
                .replace('_', '-');
    }

    /** Returns the names of all constants of an enum, in its order. */
    public static <E extends Enum<E>> List<String> of(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Words::of).toList();
    }

    /**
     * Returns the constant of a name, in British or American spelling.
     *
     * @param kind the kind of thing that is named, such as {@code layout}
     * @throws UsageException if there is none; the message lists the names
     */
    public static <E extends Enum<E>> E parse(Class<E> type, String kind, String word) {
        var meant = NearestNames.spelt(word, of(type));
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> Optional.of(of(constant)).equals(meant))
                .findFirst()
                .orElseThrow(() -> new UsageException(NearestNames.sentence(kind, word, of(type))));
    }
}
