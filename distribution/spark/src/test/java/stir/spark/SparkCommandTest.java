package stir.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.core.Stir;

/** The problems that the driver reports before Spark begins. */
class SparkCommandTest {
    @TempDir
    Path folder;

    private String experiment(String text) throws IOException {
        return Files.writeString(folder.resolve("study.yaml"), text).toString();
    }

    private String home() throws IOException {
        Files.createDirectories(folder.resolve("stir/backends"));
        return folder.resolve("stir").toString();
    }

    private String out() {
        return folder.resolve("study").toString();
    }

    /** Checks that the arguments are refused with one sentence, which it returns. */
    private String refusal(String... arguments) {
        var run = CommandRun.of(arguments);
        assertEquals(2, run.code(), run.err());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertFalse(Files.exists(folder.resolve("study")));
        return run.err().strip();
    }

    @Test
    void theHelpListsTheOptionsOfAStudy() {
        var help = CommandRun.of("--help");
        assertEquals(0, help.code());
        for (var part : ("spark-submit --out --home STIR_HOME --limit --memory --device --threads --force"
                        + " --allow-mixed-machines --keep-representations --format")
                .split(" ", -1)) {
            assertTrue(help.out().contains(part), part);
        }
    }

    @Test
    void allMistakesOfTheFileAreReportedAtOnce() throws IOException {
        var file = experiment("""
                        models: [{name: a, file: missing.onnx}]
                        inputs: nowhere
                        repeat: 2
                        """);
        var run = CommandRun.of(file, "--out", out(), "--home", home());
        assertEquals(2, run.code());
        for (var part : new String[] {"missing.onnx", "nowhere", "'repeat'", ":2:", ":3:"}) {
            assertTrue(run.err().contains(part), part + " in " + run.err());
        }
        assertTrue(run.err().lines().allMatch(line -> line.startsWith("stir: ")), run.err());
        assertFalse(Files.exists(folder.resolve("study")));
    }

    @ParameterizedTest
    @CsvSource({
        "hdfs://n1/study.yaml, study, stir",
        "study.yaml, s3a://bucket/study, stir",
        "study.yaml, study, hdfs:/stir"
    })
    void addressesAreRefused(String file, String out, String home) {
        assertTrue(
                refusal(file, "--out", out, "--home", home)
                        .endsWith(
                                "is an address; hdfs:, s3a: and others are not supported: use a path of a file system that all machines share."));
    }

    @Test
    void missingOptionsAndFilesAreNamed() throws IOException {
        var file = experiment("");
        assertEquals(
                "stir: Missing required option: '--out=DIR' (`" + SparkCommand.NAME + " --help` explains).",
                refusal(file, "--home", home()));
        assertTrue(refusal("--out", out()).contains("EXPERIMENT.yaml"));
        assertEquals(
                "stir: Backends are missing: specify the unpacked archive with --home or the variable STIR_HOME.",
                refusal(file, "--out", out()));
        assertTrue(
                refusal(folder + "/none.yaml", "--out", out(), "--home", home()).contains("There is no file"));
        assertTrue(refusal(file, "--out", out(), "--home", home(), "--hom", "x").contains("--home"));
    }

    @Test
    void instructionsThatNobodyHasPinnedAreWarnedOf() throws IOException {
        var run = CommandRun.of(experiment(""), "--out", out(), "--home", home(), "--cpu-isa", "sse4.2");
        assertTrue(run.err().startsWith("stir: warning: --cpu-isa sse4.2 has no effect: "), run.err());
    }

    @Test
    void aHostThatDoesNotSeeTheArchiveIsNamed() throws IOException {
        assertTrue(
                refusal(
                                experiment(""),
                                "--out",
                                out(),
                                "--home",
                                folder.resolve("n").toString())
                        .matches(
                                "stir: Host \\S+ does not see .*/n/backends: specify the unpacked archive \\(--home\\) by a path that all machines share\\."));
    }

    @Test
    void anArchiveOfAnotherVersionIsRefused() throws IOException {
        var home = home();
        var jar = Path.of(home, "backends/onnx/stir-backend-onnx-9.9.jar");
        Files.createDirectories(Path.of(home, "backends/onnx"));
        Files.createFile(jar);
        assertTrue(refusal(experiment(""), "--out", out(), "--home", home)
                .matches("stir: Host \\S+ has stir-backend-onnx-9\\.9\\.jar in .*, but the driver has version "
                        + Stir.version()
                        + " of Stir: install the same version on all machines\\."));
    }
}
