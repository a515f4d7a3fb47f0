package stir.cli.report;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A line of progress, as in {@code [14/192] net3 fc1 44 % residual 0.054 0:02, study 11:40 left}.
 *
 * @param number the number of the running unit, from 1
 * @param count the number of units; 1 if there is no whole
 * @param name the running unit
 * @param share the share of the unit that is done
 * @param residual the mean relative distance of a search
 * @param left the seconds that the unit still takes
 * @param whole the word for the whole
 * @param allLeft the seconds that the whole still takes
 */
public record ProgressLine(
        int number,
        int count,
        String name,
        OptionalDouble share,
        OptionalDouble residual,
        OptionalDouble left,
        String whole,
        OptionalDouble allLeft) {
    private static final int SHORTEST_NAME = 12;

    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    /** Returns the whole line. */
    public String text() {
        return join(name, facts());
    }

    /** Returns as much of the line as fits into a number of columns. */
    String within(int columns) {
        var facts = facts();
        while (true) {
            var line = join(name, facts);
            if (line.length() <= columns) {
                return line;
            }
            if (facts.size() < 2) {
                int kept = Math.max(SHORTEST_NAME, name.length() - (line.length() - columns));
                line = join(Paragraph.shortened(name, kept), facts);
                return line.substring(0, Math.max(0, Math.min(columns, line.length())));
            }
            facts.remove(facts.size() > 2 ? 1 : facts.size() - 1); // the share stays longest
        }
    }

    private String join(String shown, List<String> facts) {
        var position = count > 1 ? "[%d/%d] ".formatted(number, count) : "";
        return position + shown + (facts.isEmpty() ? "" : "  " + String.join("  ", facts));
    }

    private List<String> facts() {
        var facts = new ArrayList<String>();
        share.ifPresent(fraction -> facts.add(String.format(Locale.ROOT, "%.0f %%", 100 * fraction)));
        if (residual.isPresent()) {
            double distance = residual.getAsDouble();
            var format = distance < 0.01 ? "residual %.4f" : "residual %.3f";
            facts.add(String.format(Locale.ROOT, format, distance));
        }
        var times = new ArrayList<String>();
        left.ifPresent(seconds -> times.add(clock(seconds)));
        if (count > 1) {
            allLeft.ifPresent(seconds -> times.add(whole + " " + clock(seconds)));
        }
        if (!times.isEmpty()) {
            facts.add(String.join(", ", times) + " left");
        }
        return facts;
    }

    /** Returns the time of day, with seconds. */
    public static String timeOfDay(LocalTime time) {
        return TIME_OF_DAY.format(time);
    }

    /** Returns a duration as a clock shows it. */
    public static String clock(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60)
                : "%d:%02d".formatted(whole / 60, whole % 60);
    }
}
