package stir.core.files;

import java.util.ArrayList;
import java.util.List;

/** A table of comma-separated values (RFC 4180). */
public final class Csv {
    private final StringBuilder text = new StringBuilder();

    /** Creates a table with a header and no rows. */
    public Csv(String... header) {
        row((Object[]) header);
    }

    /** Adds a row. */
    public Csv row(Object... cells) {
        for (int i = 0; i < cells.length; i++) {
            text.append(i == 0 ? "" : ",").append(quoted(cells[i].toString()));
        }
        text.append("\r\n");
        return this;
    }

    /** Returns the whole table. */
    public String text() {
        return text.toString();
    }

    /** Returns a text as one cell, quoted where necessary. */
    public static String quoted(String cell) {
        return cell.matches("[^,\"\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    /** Parses such a table into the cells of all rows, the header included. */
    public static List<List<String>> parse(String table) {
        var rows = new ArrayList<List<String>>();
        var row = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < table.length(); i++) {
            char c = table.charAt(i);
            if (quoted && c == '"' && i + 1 < table.length() && table.charAt(i + 1) == '"') {
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
