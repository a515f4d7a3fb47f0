package stir.cli.page;

import org.jspecify.annotations.Nullable;

import stir.api.DataException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The inputs' names and labels, from a study's {@code inputs.csv}. */
final class InputNames {
    private final List<List<String>> rows;

    private InputNames(List<List<String>> rows) {
        this.rows = rows;
    }

    /** Reads a table; nothing is known where there is none. */
    static InputNames read(Path file) {
        if (!Files.exists(file)) {
            return new InputNames(List.of());
        }
        try {
            return new InputNames(parse(Files.readString(file)));
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(file, e), e);
        }
    }

    /** The input's name; empty if it is not known. */
    String name(int index) {
        return cell(index, 1);
    }

    /** The input's label; null if it has none. */
    @Nullable String label(int index) {
        var label = cell(index, 2);
        return label.isEmpty() ? null : label;
    }

    /** The first row is the head. */
    private String cell(int index, int column) {
        return index + 1 < rows.size() && column < rows.get(index + 1).size()
                ? rows.get(index + 1).get(column)
                : "";
    }

    /** Comma-separated values (RFC 4180). */
    private static List<List<String>> parse(String text) {
        var rows = new ArrayList<List<String>>();
        var row = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
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
