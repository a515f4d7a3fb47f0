package stir.core.io.files;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of named columns, from which comma-separated values, Markdown and LaTeX are made. Cells are
 * texts or numbers; a cell without a value is empty.
 *
 * @param <T> the type from which a row is made
 */
public final class Table<T> {
    private static final char GUARD = '\'';

    /** The first characters of formulas, the tab that some programs skip, and the guard itself. */
    private static final String FORMULA = "=+-@\t" + GUARD;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:\\\\|u([0-9a-f]{4}))");

    private final List<T> rows;
    private final List<String> names = new ArrayList<>();
    private final List<Function<? super T, ?>> values = new ArrayList<>();
    private final Set<Integer> numbers = new HashSet<>();

    /** Creates a table of these rows, without a column. */
    public Table(Collection<? extends T> rows) {
        this.rows = List.copyOf(rows);
    }

    /**
     * Adds a column.
     *
     * @param value the value of a row; an empty optional, of any kind, where there is none
     */
    public Table<T> column(String name, Function<? super T, ?> value) {
        names.add(name);
        values.add(value);
        return this;
    }

    /**
     * Adds a column of numbers that are texts, for example with marks: LaTeX aligns it to the
     * right.
     */
    public Table<T> numbers(String name, Function<? super T, String> value) {
        numbers.add(names.size());
        return column(name, value);
    }

    private static Object cell(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? cell(optional.get()) : "";
        }
        if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? (Object) optional.getAsDouble() : "";
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? (Object) optional.getAsInt() : "";
        }
        return value;
    }

    /** Returns the names of the columns. */
    public List<String> names() {
        return List.copyOf(names);
    }

    /** Returns a row's cells: texts, numbers and other values; an empty text without a value. */
    public List<List<Object>> rows() {
        return rows.stream().map(row -> cells(row).toList()).toList();
    }

    private Stream<Object> cells(T row) {
        return values.stream().map(value -> cell(value.apply(row)));
    }

    /**
     * Returns comma-separated values (RFC 4180), numbers with all their digits. A text that a
     * spreadsheet would compute, or that has control characters, is guarded: it begins with an
     * apostrophe, backslashes are doubled, and control characters are written as {@code \\u001b}.
     */
    public String csv() {
        return line(names.stream(), Table::inCsv, "", ",", "\r\n") + lines(Table::inCsv, "", ",", "\r\n");
    }

    /** Returns a table in GitHub's Markdown, numbers with four decimals. */
    public String markdown() {
        return line(names.stream(), Table::inMarkdown, "| ", " | ", " |\n")
                + "|"
                + "---|".repeat(names.size())
                + "\n"
                + lines(Table::inMarkdown, "| ", " | ", " |\n");
    }

    /**
     * Returns a LaTeX tabular with the rules of the package booktabs, numbers with four decimals.
     */
    public String latex() {
        return "\\begin{tabular}{"
                + alignment()
                + "}\n\\toprule\n"
                + line(names.stream(), Table::inLatex, "", " & ", " \\\\\n")
                + "\\midrule\n"
                + rows.stream().map(this::latexLine).collect(Collectors.joining())
                + "\\bottomrule\n\\end{tabular}\n";
    }

    /** Returns a row with the minus signs of its numbers in mathematics mode. */
    private String latexLine(T row) {
        var cells = cells(row).map(Table::inLatex).toList();
        return line(
                IntStream.range(0, cells.size())
                        .mapToObj(column -> isOfNumbers(column)
                                ? cells.get(column).replaceAll("-(?=[0-9.])", "\\$-\\$")
                                : cells.get(column)),
                Object::toString,
                "",
                " & ",
                " \\\\\n");
    }

    /** Returns a letter per column: numbers to the right, everything else to the left. */
    private String alignment() {
        return IntStream.range(0, names.size())
                .mapToObj(column -> isOfNumbers(column) ? "r" : "l")
                .collect(Collectors.joining());
    }

    private boolean isOfNumbers(int column) {
        return numbers.contains(column)
                || rows.stream().map(row -> cell(values.get(column).apply(row))).anyMatch(Number.class::isInstance);
    }

    private String lines(Function<Object, String> format, String before, String between, String after) {
        return rows.stream()
                .map(row -> line(cells(row), format, before, between, after))
                .collect(Collectors.joining());
    }

    private static String line(
            Stream<?> cells, Function<Object, String> format, String before, String between, String after) {
        return cells.map(format).collect(Collectors.joining(between, before, after));
    }

    /** Returns a cell in quotation marks, if it needs them. */
    private static String inCsv(Object cell) {
        var text = cell instanceof Number ? cell.toString() : guarded(cell.toString());
        return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static String guarded(String text) {
        boolean isSafe = text.isEmpty() || FORMULA.indexOf(text.charAt(0)) < 0;
        isSafe &= text.chars().noneMatch(Character::isISOControl);
        if (isSafe || NUMBER.matcher(text).matches()) {
            return text;
        }
        var guarded = new StringBuilder().append(GUARD);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                guarded.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                guarded.append(c == '\\' ? "\\\\" : c);
            }
        }
        return guarded.toString();
    }

    /** Returns the text of a cell, which may be guarded. */
    private static String unguarded(String cell) {
        return cell.isEmpty() || cell.charAt(0) != GUARD
                ? cell
                : ESCAPE.matcher(cell.substring(1))
                        .replaceAll(match -> Matcher.quoteReplacement(
                                match.group(1) == null
                                        ? "\\"
                                        : Character.toString(Integer.parseInt(match.group(1), 16))));
    }

    private static String inMarkdown(Object cell) {
        return shown(cell).replace("\\", "\\\\").replace("|", "\\|");
    }

    private static String inLatex(Object cell) {
        return latex(shown(cell));
    }

    /** Returns a text with the signs escaped that have a meaning in LaTeX. */
    public static String latex(String text) {
        return text.replace("\\", "\0")
                .replaceAll("[&%$#_{}]", "\\\\$0")
                .replace("~", "\\textasciitilde{}")
                .replace("^", "\\textasciicircum{}")
                .replaceAll("[|<>]", "\\$$0\\$")
                .replace("\0", "\\textbackslash{}");
    }

    private static String shown(Object cell) {
        return cell instanceof Double number ? String.format(Locale.ROOT, "%.4f", number) : cell.toString();
    }

    /** Returns the cells of all rows of comma-separated values, the names of columns included. */
    public static List<List<String>> parse(String csv) {
        var rows = new ArrayList<List<String>>();
        var row = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(unguarded(cell.toString()));
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            } else if (quoted || c != '\r') {
                cell.append(c);
            }
        }
        return rows;
    }
}
