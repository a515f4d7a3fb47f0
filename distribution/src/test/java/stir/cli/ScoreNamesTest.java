package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names of the networks of `stir score`: the same on the terminal and in every file. */
class ScoreNamesTest {
    @TempDir
    Path folder;

    private String network(String name, int seed) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, Integer.toString(seed)).toString();
    }

    private CommandRun score(String a, String b, String... more) {
        var all = new ArrayList<>(List.of("score", a, b));
        all.addAll(List.of("--inputs", CommandRun.images(folder, 8).toString()));
        all.addAll(List.of("--iterations", "3", "--out", folder.resolve("out").toString()));
        all.addAll(List.of(more));
        var run = CommandRun.of(all.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        return run;
    }

    private void assertNamed(CommandRun run, String a, String b) throws IOException {
        assertTrue(run.out().contains("How much of %s survives what %s ignores?".formatted(a, b)), run.out());
        assertTrue(run.out().contains("How much of %s survives what %s ignores?".formatted(b, a)), run.out());
        var out = folder.resolve("out");
        var document = new JsonMapper().readTree(out.resolve("result.json").toFile());
        assertEquals(a, document.at("/networks/0/name").asText());
        assertEquals(b, document.at("/networks/1/name").asText());
        assertEquals(2, document.path("directions").size());
        assertEquals(b, CommandRun.direction(document, a).path("reference").asText());
        assertEquals(a, CommandRun.direction(document, b).path("reference").asText());
        for (var name : List.of(a, b)) {
            assertTrue(Files.exists(out.resolve("invariant-%s.npy".formatted(name))), name);
            assertTrue(Files.isDirectory(out.resolve("searches").resolve(name)), name);
        }
        assertFalse(Files.exists(out.resolve("invariant-a.npy")));
        for (var table : List.of("results.csv", "inputs.csv", "differences.csv")) {
            for (var row : CommandRun.rows(Files.readString(out.resolve(table)))) {
                var names = List.of(row.get("target"), row.get("reference"));
                assertTrue(names.equals(List.of(a, b)) || names.equals(List.of(b, a)), table);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "net1.tiny, net2.tiny, net1, net2",
        "one/net.tiny, two/net.tiny, one-net, two-net",
        "mein netz.tiny, größe 2.tiny, mein-netz, gr-e-2"
    })
    void filesGiveTheirNames(String fileOfA, String fileOfB, String a, String b) throws IOException {
        assertNamed(score(network(fileOfA, 1), network(fileOfB, 2)), a, b);
    }

    @Test
    void twoLayersOfOneFileGiveTheirs() throws IOException {
        var file = network("net.tiny", 1);
        var run = score(file, file, "--layer-a", "hidden", "--layer-b", "logits");
        assertNamed(run, "hidden", "logits");
    }

    @Test
    void oneFileTwiceIsNumberedByLetters() throws IOException {
        var file = network("net.tiny", 1);
        assertNamed(score(file, file), "net-a", "net-b");
    }

    @Test
    void theNetworkOfAnInversionHasTheNameOfItsFile() throws IOException {
        var out = folder.resolve("inverted");
        var run = CommandRun.of(
                "invert",
                network("mein netz.tiny", 1),
                "--inputs",
                CommandRun.images(folder, 8).toString(),
                "--iterations",
                "3",
                "--out",
                out.toString());
        assertEquals(0, run.code(), run.err());
        var document = new JsonMapper().readTree(out.resolve("result.json").toFile());
        assertEquals("mein-netz", document.path("name").asText());
        assertTrue(Files.isDirectory(out.resolve("searches/mein-netz/hidden")));
    }
}
