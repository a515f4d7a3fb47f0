package stir.cli.console;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import stir.api.UsageException;

/**
 * The time that a command may take.
 *
 * @param duration above 0
 * @param text the text that was parsed
 */
public record TimeLimit(Duration duration, String text) {
    /** The option that sets the limit of a command. */
    public static final String OPTION = "--timeout";

    private static final Duration LONGEST = Duration.ofDays(10_000);

    /**
     * Reads hours, minutes and seconds: {@code 2h}, {@code 1h30m}, {@code 45s}.
     *
     * @throws UsageException if the text is not a time above 0
     */
    public static TimeLimit parse(String text) {
        try {
            var duration = Duration.parse("PT" + text);
            boolean isTime = !duration.isNegative() && !duration.isZero() && !text.contains("-");
            if (isTime && duration.compareTo(LONGEST) <= 0) {
                return new TimeLimit(duration, text);
            }
        } catch (DateTimeParseException e) {
            throw unreadable(text, e);
        }
        throw unreadable(text, null);
    }

    private static UsageException unreadable(String text, @Nullable DateTimeParseException cause) {
        return new UsageException("'%s' is not a time: use a form such as 45s, 20m or 1h30m.".formatted(text), cause);
    }

    @Override
    public String toString() {
        return text;
    }
}
