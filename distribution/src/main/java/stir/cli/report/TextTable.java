package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import stir.core.io.files.Table;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;

/**
 * Cells in aligned columns, two blanks apart. Words of a last cell that would exceed the line are
 * in further lines.
 */
final class TextTable {
    /** The maximum number of characters before a last cell whose words are divided into lines. */
    private static final int WIDEST_HEAD = 50;

    private final String indent;
    private final int leftColumns;
    private final List<String[]> rows = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();

    TextTable(String indent) {
        this(indent, Integer.MAX_VALUE);
    }

    /**
     * Creates a table of numbers.
     *
     * @param leftColumns the number of columns that are aligned to the left; the others are aligned
     *     to the right
     */
    TextTable(String indent, int leftColumns) {
        this.indent = indent;
        this.leftColumns = leftColumns;
    }

    /** Returns a table whose first column is aligned to the left. */
    static TextTable of(Table<?> table) {
        var text = new TextTable("", 1).row(table.names().toArray(String[]::new));
        table.rows().forEach(row -> text.row(row.stream().map(String::valueOf).toArray(String[]::new)));
        return text;
    }

    TextTable row(String... cells) {
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cells[i].replaceAll("\\R", "\\\\n"); // names may have several lines
        }
        rows.add(cells);
        for (int i = 0; i < cells.length; i++) {
            if (i == widths.size()) {
                widths.add(0);
            }
            widths.set(i, Math.max(widths.get(i), Emphasis.width(cells[i])));
        }
        return this;
    }

    /** Returns a value as tables show it. */
    static String number(double value) {
        return number(value, 4);
    }

    /** Returns a value with that many decimals; 0 has no sign. */
    static String number(double value, int decimals) {
        var text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.matches("-[0.]+") ? text.substring(1) : text;
    }

    /** Returns a value with that many decimals; a dash where there is none. */
    static String number(@Nullable Estimate estimate, int decimals) {
        return estimate != null && estimate.isDefined()
                ? number(estimate.value().getAsDouble(), decimals)
                : "-";
    }

    /** Returns a value with that many decimals and its interval, as far as there are any. */
    static String withInterval(Estimate estimate, int decimals) {
        return (number(estimate, decimals) + " " + interval(estimate.interval())).strip();
    }

    /** Returns a difference with its interval and its probability. */
    static String difference(Difference of, double p) {
        return "%s %s, %s".formatted(number(of.difference(), 2), interval(Optional.of(of.interval())), probability(p));
    }

    /** Returns an interval with two decimals; empty where there is none. */
    static String interval(Optional<Interval> interval) {
        return interval.map(ends -> "[%s, %s]".formatted(number(ends.low(), 2), number(ends.high(), 2)))
                .orElse("");
    }

    /** Returns a value with that many decimals; a dash where there is none. */
    static String number(OptionalDouble value, int decimals) {
        return value.isPresent() ? number(value.getAsDouble(), decimals) : "-";
    }

    /** Returns a probability in words: {@code p 0.012}, {@code p < 0.001}. */
    static String probability(double p) {
        return p < 0.0005 ? "p < 0.001" : "p " + number(p, 3);
    }

    /** Returns a value as tables show it; a dash where there is none. */
    static String number(@Nullable Estimate estimate) {
        return number(estimate, 4);
    }

    /** Returns a share as a whole percentage. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (String[] row : rows) {
            var line = new StringBuilder(indent);
            int last = row.length - 1;
            for (int i = 0; i < last; i++) {
                line.append(aligned(i, row[i])).append("  ");
            }
            if (last >= 0
                    && last < leftColumns
                    && line.length() <= WIDEST_HEAD
                    && Emphasis.width(line + row[last]) > Paragraph.COLUMNS) {
                text.append(Paragraph.hanging(line.toString(), row[last]));
            } else {
                line.append(last < 0 ? "" : aligned(last, row[last]));
                text.append(line.toString().stripTrailing()).append('\n');
            }
        }
        return text.toString();
    }

    private String aligned(int column, String cell) {
        var blanks = " ".repeat(widths.get(column) - Emphasis.width(cell));
        return column < leftColumns ? cell + blanks : blanks + cell;
    }
}
