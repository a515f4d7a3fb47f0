package stir.api.support;

import stir.api.UsageException;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The words that users write for the constants of an enum: {@code channels-first}.
 *
 * @since 0.1.0
 */
public final class Words {
    private Words() {}

    /** The word for a constant: its name in lower case, with hyphens. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words for all constants of an enum, in its order. */
    public static <E extends Enum<E>> List<String> of(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Words::of).toList();
    }

    /**
     * The constant that a word stands for.
     *
     * @param what what is named, in a word: {@code layout}
     * @throws UsageException if there is none; the message lists those there are
     */
    public static <E extends Enum<E>> E parse(Class<E> type, String what, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> of(constant).equals(word))
                .findFirst()
                .orElseThrow(() -> new UsageException(NearestNames.sentence(what, word, of(type))));
    }
}
