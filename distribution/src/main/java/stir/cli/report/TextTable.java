package stir.cli.report;

import org.jspecify.annotations.Nullable;

import stir.core.math.statistics.Estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cells in aligned columns, two blanks apart. */
final class TextTable {
    private final String indent;
    private final List<String[]> rows = new ArrayList<>();

    TextTable(String indent) {
        this.indent = indent;
    }

    TextTable row(String... cells) {
        rows.add(cells);
        return this;
    }

    /** Returns a value as tables show it. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** Returns a value as tables show it; a dash where there is none. */
    static String number(@Nullable Estimate estimate) {
        return estimate != null && estimate.isDefined()
                ? number(estimate.value().getAsDouble())
                : "-";
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
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).append(" ".repeat(width(i) - row[i].length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> row.length > column)
                .mapToInt(row -> row[column].length())
                .max()
                .orElse(0);
    }
}
