package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables on the page of real networks, against its files of values and networks. */
class RealNetworksTest {
    private static final Path FOLDER = Path.of("examples/real-networks");
    private static final Pattern TABLE = Pattern.compile("<!-- ([\\w-]+) -->\n(\\|.*?)\n<!-- end -->", Pattern.DOTALL);
    private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");
    private static final Map<String, String> MARKS =
            Map.of("INCONCLUSIVE", "?", "LITTLE", "~", "BELOW THE INPUTS", "!", "NOTHING TO IGNORE", "=");

    private static List<Map<String, String>> rows(String file) throws IOException {
        var lines = Files.readAllLines(FOLDER.resolve(file));
        var names = lines.get(0).split(",", -1);
        var rows = new ArrayList<Map<String, String>>();
        for (var line : lines.subList(1, lines.size())) {
            var cells = COMMA.split(line, -1);
            assertEquals(names.length, cells.length, line);
            var row = new LinkedHashMap<String, String>();
            for (int i = 0; i < names.length; i++) {
                row.put(names[i], cells[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void eachCellIsAScoreOfTheFile() throws IOException {
        var expected = new TreeSet<String>();
        for (var row : rows("table.csv")) {
            double stir = Double.parseDouble(row.getOrDefault("stir", ""));
            var value = String.format(Locale.ROOT, "%.2f", stir).replaceFirst("^(-?)0", "$1");
            expected.add("%s %s %s %s"
                    .formatted(
                            row.get("family"),
                            row.get("target"),
                            row.get("reference"),
                            MARKS.getOrDefault(row.getOrDefault("verdict", ""), "") + value));
        }
        var shown = new TreeSet<String>();
        var page = Files.readString(FOLDER.resolve("README.md"));
        for (var table : TABLE.matcher(page).results().toList()) {
            var lines = table.group(2).lines().map(RealNetworksTest::cells).toList();
            var references = lines.get(0);
            for (var line : lines.subList(2, lines.size())) {
                for (int i = 1; i < line.size(); i++) {
                    if (!line.get(i).isEmpty()) {
                        shown.add("%s %s %s %s".formatted(table.group(1), line.get(0), references.get(i), line.get(i)));
                    }
                }
            }
        }
        assertTrue(shown.size() > 100, shown::toString);
        assertEquals(expected, shown);
    }

    private static List<String> cells(String line) {
        var cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        return cells.subList(1, cells.size() - 1);
    }

    @Test
    void eachScoredNetworkHasItsSource() throws IOException {
        var described = rows("networks.csv").stream()
                .filter(row -> row.values().stream().filter(String::isEmpty).count() <= 2) // notes, protocol
                .map(row -> row.get("family") + " " + row.get("network"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> scored = rows("table.csv").stream()
                .map(row -> row.get("family") + " " + row.get("target"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(scored, described);
    }
}
