package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import stir.core.score.Quantity;
import stir.core.score.Verdict;
import stir.core.study.store.ScoreTable;

/** The glossary's table of values: outputs use its names, and no others for the same thing. */
class GlossaryTest {
    private static final Path ROOT = Path.of("..");
    private static final Path GLOSSARY = Path.of("docs", "glossary.md");
    private static final Pattern CODE = Pattern.compile("`([a-z_-]+)`");

    /** The columns that name a row. */
    private static final Set<String> PLACES =
            Set.of("target", "target_layer", "reference", "reference_layer", "search", "repeat");

    /** The words that are not used for a value: as quoted names if they are code. */
    private static final Map<String, List<String>> REFUSED = Map.ofEntries(
            Map.entry("interval", List.of("`ci_low`", "`ci_high`")),
            Map.entry("prediction interval", List.of("`next_low`", "next inputs")),
            Map.entry("p", List.of("`p_value`", "p if shuffled")),
            Map.entry("seed floor", List.of("seed-only", "`seed_only`")),
            Map.entry("permutation floor", List.of("`shuffled`")),
            Map.entry("input similarity", List.of("inputs-only", "`inputs_only`")),
            Map.entry("ceiling", List.of("`self`")),
            Map.entry("similarity", List.of("plain similarity", "plain similarities")),
            Map.entry("corrected", List.of("baseline-corrected", "`baseline_corrected`")),
            Map.entry("converged only", List.of("converged-only")),
            Map.entry("converged", List.of("found within")),
            Map.entry("distance from the input", List.of("distance-from-input")),
            Map.entry("target moved", List.of("target-moved")),
            Map.entry("class agreement", List.of("class-agreement")));

    /** The files whose words people or programs read. */
    private static final Pattern READ = Pattern.compile("README\\.md"
            + "|distribution/docs/(?!design/|glossary\\.md).*\\.(md|json)"
            + "|distribution/examples/.*\\.(md|py)"
            + "|distribution/python/(src|tests)/.*\\.py"
            + "|(distribution|stir-report)/src/main/.*\\.(java|js|html)"
            + "|stir-core/src/main/java/stir/core/(score|study)/.*\\.java");

    /**
     * A row of the table.
     *
     * @param value the name of the value in sentences, without its heading in brackets
     * @param keys the keys and columns
     */
    private record Row(String value, List<String> keys) {}

    private static List<Row> rows() throws IOException {
        var text = Files.readString(GLOSSARY);
        var section = text.substring(text.indexOf("## The values of a score"));
        var rows = new ArrayList<Row>();
        for (var line :
                section.lines().takeWhile(line -> !line.startsWith("## The s")).toList()) {
            var cells = line.replace("\\|", "/").split("\\|", -1);
            if (cells.length == 5 && line.contains("`")) {
                var keys = CODE.matcher(cells[2])
                        .results()
                        .map(match -> match.group(1))
                        .toList();
                rows.add(new Row(cells[1].strip().replaceFirst(" \\(.*", ""), keys));
            }
        }
        return rows;
    }

    private static Set<String> keys() throws IOException {
        return rows().stream().flatMap(row -> row.keys().stream()).collect(Collectors.toSet());
    }

    @Test
    void definesEachColumnOfScores() throws IOException {
        var keys = keys();
        var undefined = new LinkedHashSet<>(
                ScoreTable.of(List.of(), List.of(), Map.of()).names());
        undefined.removeIf(name ->
                PLACES.contains(name) || keys.contains(name) || keys.contains(name.replaceFirst("_(low|high)$", "")));
        assertEquals(Set.of(), undefined);
    }

    @Test
    void namesEachQuantityAsSentencesDo() throws IOException {
        var values = rows().stream().map(Row::value).toList();
        for (var quantity : Quantity.values()) {
            assertTrue(keys().contains(quantity.key()), quantity.key());
            assertTrue(values.stream().anyMatch(value -> value.startsWith(quantity.toString())), quantity.toString());
        }
    }

    @Test
    void namesEachAnswer() throws IOException {
        var text = Files.readString(GLOSSARY);
        for (var verdict : Verdict.values()) {
            assertTrue(text.contains(verdict.toString()), verdict.toString());
        }
    }

    @Test
    void refusedWordsAreNowhere() throws IOException {
        var values = rows().stream().map(Row::value).collect(Collectors.toSet());
        assertTrue(values.containsAll(REFUSED.keySet()), values::toString);
        var otherWords = new TreeSet<String>();
        for (var file : files()) {
            var text = Files.readString(ROOT.resolve(file));
            REFUSED.forEach((value, words) -> {
                for (var word : words) {
                    if (pattern(word).matcher(text).find()) {
                        otherWords.add("%s: %s, instead of %s".formatted(file, word, value));
                    }
                }
            });
        }
        assertEquals(Set.of(), otherWords);
    }

    @Test
    void findsARefusedWord() {
        assertTrue(pattern("`self`").matcher("column(\"self\", row").find());
        assertFalse(pattern("`self`").matcher("itself and self-made").find());
        assertTrue(
                pattern("plain similarity").matcher("The plain\nsimilarity of").find());
    }

    /** Returns what finds a word: code within quotes, and words with any blanks between them. */
    private static Pattern pattern(String word) {
        var code = CODE.matcher(word);
        return code.matches()
                ? Pattern.compile("[\"'`]" + Pattern.quote(code.group(1)) + "[\"'`]")
                : Pattern.compile(
                        "\\b"
                                + Arrays.stream(word.split(" "))
                                        .map(Pattern::quote)
                                        .collect(Collectors.joining("\\s+"))
                                + "\\b",
                        Pattern.CASE_INSENSITIVE);
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> READ.matcher(file).matches())
                    .sorted()
                    .toList();
        }
    }
}
