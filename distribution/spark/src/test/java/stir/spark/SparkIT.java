package stir.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.core.study.RunOptions;
import stir.core.study.file.ExperimentFile;

/** Studies on Spark's own small clusters, with the jar and the image that the build has made. */
class SparkIT {
    private static final int SEARCHES = 10;

    @TempDir
    Path folder;

    private static Path fixture(String name) {
        return Path.of("../../backend-onnx/src/test/resources/fixtures", name).toAbsolutePath();
    }

    /** Two models of ONNX, five layers, each searched twice. */
    private String experiment() throws IOException {
        return experiment("layers: [layer1, layer2, layer3]", "layers: [layer2, layer3]", 30, 3, 2);
    }

    private String experiment(String plain, String normalised, int inputs, int iterations, int repeats)
            throws IOException {
        return Files.writeString(folder.resolve("study.yaml"), """
                        models:
                          - {name: plain, file: "%s", %s}
                          - {name: normalised, file: "%s", %s}
                        inputs: {path: "%s", limit: %d}
                        search: {optimizer: fast, iterations: %d}
                        repeats: %d
                        """.formatted(
                                folder.resolve("plain.onnx"),
                                plain,
                                folder.resolve("normalised.onnx"),
                                normalised,
                                Submission.image().resolve("demo/mnist500-images-idx3-ubyte"),
                                inputs,
                                iterations,
                                repeats))
                .toString();
    }

    private void models() throws IOException {
        Files.copy(fixture("resnet0.onnx"), folder.resolve("plain.onnx"));
        Files.copy(fixture("resnet0.bn.onnx"), folder.resolve("normalised.onnx"));
    }

    /** Hashes of a study's files but its logs; the documents' text without command and checksum. */
    private static Map<String, String> bytes(Path study) throws Exception {
        var sha256 = MessageDigest.getInstance("SHA-256");
        var bytes = new TreeMap<String, String>();
        try (Stream<Path> paths = Files.walk(study)) {
            for (var file : paths.filter(Files::isRegularFile).toList()) {
                var name = study.relativize(file).toString();
                if (name.equals("study.json") || name.equals("result.json")) {
                    bytes.put(
                            name,
                            Files.readString(file)
                                    .replaceFirst("\"command\" : .*\n", "COMMAND")
                                    .replaceFirst("\"checksum\" : \"\\w+\"", "CHECKSUM"));
                } else if (!name.startsWith("logs/")) {
                    bytes.put(name, HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(file))));
                }
            }
        }
        return bytes;
    }

    /** What was printed, without the folder and the next steps: the cluster's are not commands. */
    private static String answer(String printed, Path study) {
        var next = printed.indexOf("\nnext ");
        assertTrue(next > 0, printed);
        return printed.substring(0, next).replace(study.toString(), "");
    }

    /** How many ranges of searches have rows; files that come and go meanwhile do not disturb. */
    private static long begun(Path study) throws IOException {
        try (Stream<Path> paths = Files.walk(study.resolve("searches"))) {
            return paths.filter(path -> path.endsWith("progress/0-30")).count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (UncheckedIOException e) {
            assertInstanceOf(NoSuchFileException.class, e.getCause());
            return begun(study); // a file went while the folder was read
        }
    }

    @Test
    void twoExecutorsOfWhichOneIsKilledFindTheBytesOfOneMachine() throws Exception {
        models();
        var experiment = experiment();
        var one = folder.resolve("one");
        var alone = Submission.stir(folder, "matrix", experiment, "--out", one.toString())
                .end();
        assertEquals(0, alone.code(), alone.err());

        var many = folder.resolve("many");
        var cluster = Submission.start(folder, "local-cluster[2,1,1024]", experiment, "--out", many.toString());
        while (begun(many) < 3) {
            assertTrue(cluster.process().isAlive(), Files.readString(cluster.err()));
            Thread.sleep(10);
        }
        var executors = cluster.executors();
        assertEquals(2, executors.size());
        assertTrue(executors.get(0).destroyForcibly());
        assertTrue(begun(many) < SEARCHES, "it was killed before its end");
        var ended = cluster.end();

        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.err().contains(" search: 10 of 10 done, "), ended.err());
        assertTrue(
                ended.err().lines().anyMatch(line -> line.matches("stir: note: executor [01] is lost .*")),
                ended.err());
        assertEquals(answer(alone.out(), one), answer(ended.out(), many));
        assertEquals(bytes(one), bytes(many));
    }

    @Test
    void unitsOfWrongDataAreReportedTogetherAndAllOthersDone() throws Exception {
        models();
        // Pixels over so small a deviation are infinite.
        var experiment = experiment("layers: [layer3]", "layers: [layer3], std: [1.0e-39]", 8, 2, 1);
        var out = folder.resolve("study");
        var ended = Submission.start(folder, "local[1]", experiment, "--out", out.toString())
                .end();
        assertEquals(1, ended.code(), ended.err());
        assertEquals("", ended.out());
        var lines =
                ended.err().lines().filter(line -> line.startsWith("stir: ")).toList();
        for (var unit : new String[] {"search/normalised/layer3/fast/1/0-8", "score/normalised/plain"}) {
            assertTrue(
                    lines.stream().anyMatch(line -> line.startsWith("stir: note: " + unit + " failed: ")),
                    lines::toString);
        }
        assertEquals(
                "stir: 2 units of work failed and 3 dependent units were skipped; all others are done: fix the cause and run the study again.",
                lines.get(lines.size() - 1));
        assertFalse(ended.err().contains("Lost task"), ended.err()); // nothing was tried again
        assertTrue(Files.exists(out.resolve("scores/plain/plain.json")));
    }

    /** What an executor sees, without Spark: a process that joins the study in its folder. */
    @Test
    void anExecutorThatSeesOtherFilesFailsWithOneSentence() throws Exception {
        models();
        var experiment = experiment("layers: [layer3]", "layers: [layer3]", 8, 2, 1);
        var arguments = List.of("study.yaml", "--out", "study");
        var home = Submission.image().toString();
        var unit = "search/plain/layer3/fast/1/0-8";

        var unseen = new StudyPlace(arguments, folder.toString(), home, 1).run(unit);
        assertTrue(
                unseen.failure().matches("Host \\S+ does not see .*/study: use a folder that all machines share\\."),
                unseen.failure());

        var stir = ExecutorProcess.here().stir(new StirHome(Submission.image()));
        try (var checked = stir.check(ExperimentFile.read(Path.of(experiment)));
                var units = checked.units(folder.resolve("study"), RunOptions.DEFAULT)) {
            units.prepare();
        }
        var place = new StudyPlace(arguments, folder.toString(), home, 1);
        assertEquals("", place.run(unit).failure());
        var first = bytes(folder.resolve("study"));
        assertTrue(first.keySet().stream().anyMatch(name -> name.endsWith(".rows")));
        assertEquals("", place.run(unit).failure());
        assertEquals(first, bytes(folder.resolve("study")), "a late attempt does nothing");

        // What is no fault of the data is thrown, so that Spark tries elsewhere.
        assertThrows(IllegalStateException.class, () -> place.run("gather/normalised/layer3/fast/1"));

        Files.copy(fixture("resnet0.bn.onnx"), folder.resolve("plain.onnx"), StandardCopyOption.REPLACE_EXISTING);
        var other = new StudyPlace(arguments, folder.toString(), home, 2).run(unit);
        assertTrue(
                other.failure().matches("Host \\S+ sees a study that differs .*plain: sha256 was .*"), other.failure());
        Files.delete(folder.resolve("plain.onnx"));
        var missing = new StudyPlace(arguments, folder.toString(), home, 3).run(unit);
        assertTrue(
                missing.failure()
                        .matches("Host \\S+ reports a problem that the driver does not have \\(.*plain\\.onnx.*"),
                missing.failure());
    }
}
