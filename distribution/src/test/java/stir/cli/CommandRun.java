package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import picocli.CommandLine;
import stir.api.Batch;
import stir.cli.command.FrontEnd;
import stir.cli.command.StirCommand;
import stir.cli.console.Console;
import stir.cli.console.Interruption;
import stir.core.io.arrays.NpyWriter;
import stir.core.io.files.Sha256;
import stir.core.io.files.Table;

/**
 * The outcome of a command that ran in this process.
 *
 * @param code its exit code
 * @param out its standard output
 * @param err its standard error
 */
public record CommandRun(int code, String out, String err) {
    private static final Pattern PROGRESS = Pattern.compile("(?m)^stir: \\d\\d:\\d\\d:\\d\\d .*\\R");

    /** Returns a console without a terminal and without an unpacked archive. */
    static Console console() {
        return console(Optional.empty(), false, Console.USUAL_COLUMNS);
    }

    /** Returns a console whose messages are not structured. */
    static Console console(Optional<Path> home, boolean terminal, int columns) {
        return new Console(home, terminal, false, columns, false);
    }

    /** Runs a command where there is no terminal and no unpacked archive. */
    static CommandRun of(String... arguments) {
        return in(console(), arguments);
    }

    /** Runs a command in a console. */
    static CommandRun in(Console console, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var interruption = interruption(err);
        var root = StirCommand.commandLine(console, interruption, arguments)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int code = FrontEnd.execute(root, arguments);
        interruption.finished();
        Thread.interrupted(); // a stopped command leaves the flag set
        return new CommandRun(code, out.toString(), withoutProgress(err.toString()));
    }

    /** Returns the text of standard error without the progress that a slow machine has time for. */
    public static String withoutProgress(String err) {
        return PROGRESS.matcher(err).replaceAll("");
    }

    /** Returns the parser of all commands. */
    public static CommandLine commands() {
        return StirCommand.commandLine(console(), interruption(new StringWriter()));
    }

    private static Interruption interruption(StringWriter err) {
        return new Interruption(Thread.currentThread(), new PrintWriter(err, true), code -> {
            throw new AssertionError("The process would end with " + code);
        });
    }

    /** Checks that the command failed with one sentence, and returns the sentence. */
    String failure(int expected) {
        assertEquals(expected, code, err);
        assertEquals("", out);
        assertEquals(1, err.lines().count(), err);
        assertTrue(err.startsWith("stir: "), err);
        return err;
    }

    /**
     * Checks that the command succeeded without messages, and returns the document that it printed.
     */
    JsonNode document() throws IOException {
        assertEquals("", err);
        assertEquals(0, code);
        return new JsonMapper().readTree(out);
    }

    /** Returns the score of a target in a document of scores: of the first search and repeat. */
    static JsonNode direction(JsonNode document, String target) {
        for (var direction : document.path("directions")) {
            if (direction.path("target").asText().equals(target)) {
                return direction;
            }
        }
        throw new AssertionError("There is no score of " + target + ": " + document);
    }

    /** Returns the values of a score by a measure. */
    static JsonNode values(JsonNode direction, String measure) {
        var values = direction.path("measures").path(measure);
        assertTrue(values.isObject(), () -> measure + ": " + direction);
        return values;
    }

    /** Returns a cell of a row. */
    static String cell(Map<String, String> row, String column) {
        return Objects.requireNonNull(row.get(column), column);
    }

    /** Returns the rows of a table of comma-separated values: cells by the names of columns. */
    static List<Map<String, String>> rows(String csv) {
        var table = Table.parse(csv);
        var rows = new ArrayList<Map<String, String>>();
        for (var cells : table.subList(1, table.size())) {
            assertEquals(table.get(0).size(), cells.size(), cells::toString);
            var row = new LinkedHashMap<String, String>();
            for (int i = 0; i < cells.size(); i++) {
                row.put(table.get(0).get(i), cells.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    /** Writes a network with random weights, and returns its file. */
    static Path network(Path folder, int seed) throws IOException {
        return Files.writeString(folder.resolve("net" + seed + ".tiny"), Integer.toString(seed));
    }

    /** Writes random images for {@link TinyBackend}'s networks, and returns their file. */
    static Path images(Path folder, int count) {
        var random = new Random(7);
        var batch = Batch.allocate(count, TinyBackend.INPUT);
        for (int i = 0; i < count * batch.rowSize(); i++) {
            batch.buffer().put(i, random.nextFloat());
        }
        var file = folder.resolve("images.npy");
        NpyWriter.write(file, batch);
        return file;
    }

    /** Returns an edited document of several lines with a checksum that is right. */
    static String withChecksum(String text) {
        var bare = text.replaceFirst(",\\s*\"checksum\" : \"\\w+\"", "");
        int end = bare.lastIndexOf("\n}");
        return "%s,\n  \"checksum\" : \"%s\"%s".formatted(bare.substring(0, end), Sha256.of(bare), bare.substring(end));
    }
}
