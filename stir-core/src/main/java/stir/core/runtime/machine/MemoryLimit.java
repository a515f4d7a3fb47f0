package stir.core.runtime.machine;

import java.util.Locale;
import java.util.regex.Pattern;
import stir.api.UsageException;

/**
 * The textual form of a limit on the memory of comparisons.
 *
 * @since 0.1.0
 */
public final class MemoryLimit {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([kmg]?)b?");
    private static final long STEP = 1000;

    private MemoryLimit() {}

    /**
     * Parses a number of bytes: {@code 500m}, {@code 2g}, {@code 800k} or plain digits; k is a
     * thousand.
     *
     * @throws UsageException if the text has another form, or is zero
     */
    public static long parse(String text) {
        var form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches() || Long.parseLong(form.group(1)) == 0) {
            throw new UsageException("'%s' is not an amount of memory: use a form such as 500m or 2g.".formatted(text));
        }
        long factor = switch (form.group(2)) {
            case "k" -> STEP;
            case "m" -> STEP * STEP;
            case "g" -> STEP * STEP * STEP;
            default -> 1;
        };
        return Long.parseLong(form.group(1)) * factor;
    }
}
