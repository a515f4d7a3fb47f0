package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.io.arrays.NpyWriter;

/** Failures of the whole program; those of single commands are tested without the image. */
class FailuresIT {
    private static Launch score(String... more) {
        return Image.built().score(more);
    }

    @Test
    void anUnknownLayerIsAnsweredWithTheNearest() {
        var sentence = score("--layer-a", "classifier.relu").run().failure(2);
        assertTrue(sentence.contains("classifier.relu1"), sentence);
    }

    @Test
    void anUnknownMeasureIsAnsweredWithTheNearest() {
        var sentence = score("--measure", "linear-ckaa").run().failure(2);
        assertTrue(sentence.contains("linear-cka"), sentence);
    }

    @Test
    void aModelForOtherInputs() throws IOException {
        var vectors = Image.scratch("vectors").resolve("x.csv.npy");
        NpyWriter.write(vectors, Batch.allocate(3, Shape.of(10)));
        var image = Image.built();
        var model = image.demo("vgg0.script.pt");
        var run = image.stir("score", model, model, "--inputs", vectors.toString())
                .run();
        assertTrue(run.code() == 1 || run.code() == 2, run.err());
        run.failure(run.code());
    }

    @Test
    void aTruncatedModel() throws IOException {
        var image = Image.built();
        var whole = Files.readAllBytes(Path.of(image.demo("vgg0.script.pt")));
        var half = Image.scratch("truncated").resolve("half.pt");
        Files.write(half, Arrays.copyOf(whole, whole.length / 2));
        image.stir("layers", half.toString()).run().failure(1);
    }

    @Test
    void noGpu() {
        var sentence = score("--device", "cuda").run().failure(2);
        assertTrue(sentence.contains("cuda"), sentence);
    }

    @Test
    void tooLittleMemory() throws IOException {
        var large = Image.scratch("large").resolve("x.npy");
        NpyWriter.write(large, Batch.allocate(1_000_000, Shape.of(16)));
        var sentence = Image.built()
                .stir("similarity", large.toString(), large.toString(), "--measure", "rbf-cka")
                .with("STIR_JAVA_OPTS", "-Xmx32m")
                .run()
                .failure(1);
        assertTrue(sentence.contains("Out of memory") && sentence.contains("-Xmx"), sentence);
    }

    @Test
    void anInterruptInTheMiddle() throws Exception {
        var folder = Image.scratch("interrupted");
        var out = folder.resolve("out");
        var running = score("--optimizer", "published", "--iterations", "1000000", "--out", out.toString())
                .with("STIR_JAVA_OPTS", "-Dstir.terminal=true")
                .start();
        long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!running.errorsSoFar().contains("residual")) {
            assertTrue(running.process().isAlive(), running.errorsSoFar());
            assertTrue(System.nanoTime() < patience, running.errorsSoFar());
            TimeUnit.MILLISECONDS.sleep(50);
        }
        if (ignoresInterrupts(running.process().pid())) { // as a shell's background jobs do, from birth
            running.process().destroyForcibly();
            Assumptions.abort("needs a parent process that does not ignore SIGINT");
        }
        new ProcessBuilder("kill", "-INT", Long.toString(running.process().pid()))
                .start()
                .waitFor();
        var ended = running.end();
        assertEquals(130, ended.code(), ended.err());
        assertEquals("", ended.out());
        var shown = ended.err().split("\r\u001b\\[K", -1);
        var sentence = shown[shown.length - 1].replaceAll("\\s+", " "); // a terminal has lines
        assertTrue(sentence.startsWith("stir: Interrupted"), sentence); // in a pass, if that is long
        assertTrue(
                sentence.endsWith(
                        ": the results so far are kept in %s; run the same command again to continue. ".formatted(out)),
                sentence);
        assertTrue(Files.exists(out.resolve("study.json")));
        assertFalse(Files.exists(out.resolve("result.json")));
    }

    /** Whether SIGINT, signal 2, is among those that a process ignores. */
    private static boolean ignoresInterrupts(long pid) throws IOException {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring("SigIgn:".length()).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & 2) != 0);
        }
    }
}
