package stir.cli.report;

import org.jspecify.annotations.Nullable;

import stir.core.files.Csv;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Results as a table with one line of headings, to be pasted into a paper or read by a program.
 * Cells are texts, numbers, or empty.
 */
public final class ResultTable {
    private static final String BACKSLASH = "\\textbackslash{}";

    private final List<String> headings;
    private final List<Object[]> rows = new ArrayList<>();

    /** A table without rows. */
    public ResultTable(String... headings) {
        this.headings = List.of(headings);
    }

    /**
     * Adds a row.
     *
     * @param cells one for each heading, {@code ""} where there is nothing to say
     */
    public ResultTable row(Object... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(
                    "%d cells under %d headings".formatted(cells.length, headings.size()));
        }
        rows.add(cells.clone());
        return this;
    }

    /** A value as a cell, empty where there is none. */
    static Object cell(OptionalDouble value) {
        return value.isPresent() ? (Object) value.getAsDouble() : "";
    }

    /** An estimate's value as a cell. */
    static Object cell(@Nullable Estimate estimate) {
        return estimate == null ? "" : cell(estimate.value());
    }

    /** An end of an interval as a cell. */
    static Object cell(@Nullable Estimate estimate, ToDoubleFunction<ConfidenceInterval> end) {
        return Optional.ofNullable(estimate)
                .flatMap(Estimate::interval)
                .<Object>map(end::applyAsDouble)
                .orElse("");
    }

    /** Adds the rows of another table, with one more cell before each. */
    ResultTable rowsOf(ResultTable other, Object first) {
        for (var cells : other.rows) {
            var row = new ArrayList<Object>(List.of(first));
            row.addAll(List.of(cells));
            row(row.toArray());
        }
        return this;
    }

    /** The headings, with one more before them. */
    String[] headingsAfter(String first) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(headings);
        return all.toArray(String[]::new);
    }

    /** Comma-separated values (RFC 4180), numbers with all their digits. */
    public String csv() {
        return lines(ResultTable::inCsv, "", ",", "\r\n");
    }

    /** A table as GitHub's Markdown has it, numbers with four decimals. */
    public String markdown() {
        var body = lines(ResultTable::inMarkdown, "| ", " | ", " |\n");
        int firstLine = body.indexOf('\n') + 1;
        var rule = "|" + headings.stream().map(heading -> "---|").collect(Collectors.joining());
        return body.substring(0, firstLine) + rule + "\n" + body.substring(firstLine);
    }

    /** A tabular of LaTeX with the rules of the package booktabs, numbers with four decimals. */
    public String latex() {
        var body = lines(ResultTable::inLatex, "", " & ", " \\\\\n");
        int firstLine = body.indexOf('\n') + 1;
        return "\\begin{tabular}{"
                + columns()
                + "}\n\\toprule\n"
                + body.substring(0, firstLine)
                + "\\midrule\n"
                + body.substring(firstLine)
                + "\\bottomrule\n\\end{tabular}\n";
    }

    /** Numbers to the right, everything else to the left. */
    private String columns() {
        var columns = new StringBuilder();
        for (int i = 0; i < headings.size(); i++) {
            int column = i;
            columns.append(
                    rows.stream().anyMatch(row -> row[column] instanceof Number) ? 'r' : 'l');
        }
        return columns.toString();
    }

    private String lines(
            Function<Object, String> format, String before, String between, String after) {
        var text = new StringBuilder();
        text.append(line(headings.toArray(), format, before, between, after));
        rows.forEach(row -> text.append(line(row, format, before, between, after)));
        return text.toString();
    }

    private static String line(
            Object[] cells,
            Function<Object, String> format,
            String before,
            String between,
            String after) {
        return List.of(cells).stream()
                .map(format)
                .collect(Collectors.joining(between, before, after));
    }

    /** A cell as comma-separated values have it: in quotation marks, if it needs them. */
    static String inCsv(Object cell) {
        return Csv.quoted(cell.toString());
    }

    private static String inMarkdown(Object cell) {
        return shown(cell).replace("\\", "\\\\").replace("|", "\\|");
    }

    private static String inLatex(Object cell) {
        return shown(cell)
                .replace("\\", "\0")
                .replaceAll("[&%$#_{}]", "\\\\$0")
                .replace("~", "\\textasciitilde{}")
                .replace("^", "\\textasciicircum{}")
                .replace("|", "$|$")
                .replace("\0", BACKSLASH);
    }

    private static String shown(Object cell) {
        return cell instanceof Double number
                ? String.format(Locale.ROOT, "%.4f", number)
                : cell.toString();
    }
}
