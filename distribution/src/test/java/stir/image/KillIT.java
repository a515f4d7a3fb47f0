package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Processes that are killed, and the same command after them. */
class KillIT {
    private static final int KILLS = 3;

    private static Launch score(Path out) {
        return score(out, 12, 20);
    }

    private static Launch score(Path out, int inputs, int iterations) {
        return Image.built()
                .score(
                        "--limit",
                        Integer.toString(inputs),
                        "--optimizer",
                        "fast",
                        "--iterations",
                        Integer.toString(iterations),
                        "--batch-size",
                        "5",
                        "--out",
                        out.toString());
    }

    /**
     * Returns the words of a printed score without its folder, on whose length the lines depend.
     */
    static String words(String printed, Path out) {
        return printed.replace(out.toString(), "OUT").replaceAll("( \\\\)?\\s+", " ");
    }

    /** What all files of a study hold, but for its logs. */
    static Map<String, String> bytes(Path folder) throws IOException {
        var bytes = new TreeMap<String, String>();
        Image.each(folder, Comparator.naturalOrder(), path -> {
            if (Files.isRegularFile(path) && !path.startsWith(folder.resolve("logs"))) {
                var name = folder.relativize(path).toString();
                bytes.put(
                        name,
                        List.of("study.json", "result.json") // the command names the folder
                                        .contains(name)
                                ? withoutCommand(path, folder, "OUT")
                                : HexFormat.of().formatHex(Files.readAllBytes(path)));
            }
        });
        return bytes;
    }

    /** Returns a document without its folder, which its command names, and without its checksum. */
    static String withoutCommand(Path document, Path folder, String name) throws IOException {
        return Files.readString(document).replace(folder.toString(), name).replaceFirst("\"checksum\" : \"\\w+\"", "");
    }

    @Test
    void aSecondRunInTheSameFolderIsRefusedAndNamesTheFirst() throws Exception {
        var out = Image.scratch("two-runs").resolve("out");
        var first = score(out, 40, 2000).start();
        try {
            while (!Files.exists(out.resolve("searches"))) {
                assertTrue(first.process().isAlive(), first.errorsSoFar());
                Thread.sleep(20);
            }
            var sentence = score(out, 40, 2000).run().failure(2);
            assertTrue(sentence.contains("process " + first.java().pid() + " on "), sentence);
            assertTrue(sentence.contains("choose another folder (options: --out)"), sentence);
        } finally {
            first.kill();
        }
    }

    @Test
    void aScoreThatIsKilledAtAnyMomentEndsWithTheSameBytes() throws Exception {
        var folder = Image.scratch("kills");
        var whole = folder.resolve("whole");
        long begun = System.nanoTime();
        var printed = score(whole).run().done();
        long duration = System.nanoTime() - begun;
        var expected = bytes(whole);
        assertTrue(
                expected.keySet().stream()
                        .anyMatch(name -> name.matches("searches/vgg_gelu0/.*/fast/repeat-1/rows.csv")),
                expected.keySet()::toString);

        var moments = new Random(20);
        int kills = 0;
        for (int round = 0; kills < KILLS; round++) {
            var broken = folder.resolve("broken-" + round);
            int before = kills;
            int patience = KILLS; // so that a round has an end
            while (true) {
                var running = score(broken).start();
                long moment = (long) (duration * (0.3 + 0.7 * moments.nextDouble()));
                if (patience-- == 0 || running.process().waitFor(moment, TimeUnit.NANOSECONDS)) {
                    var ended = running.end();
                    assertEquals(0, ended.code(), ended.err());
                    assertEquals(words(printed, whole), words(ended.out(), broken));
                    break;
                }
                running.kill();
                kills++;
            }
            assertEquals(expected, bytes(broken), "after " + (kills - before) + " kills");
        }
    }
}
