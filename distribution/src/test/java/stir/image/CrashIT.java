package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the launcher does when native code, or the system, brings Java down. */
class CrashIT {
    private static Launch score(Path out) {
        return Image.built()
                .score("--limit", "20", "--optimizer", "published", "--iterations", "1000000", "--out", out.toString());
    }

    /** A search that has begun. */
    private static Launch.Running running(Path out, Path cache) throws Exception {
        var running = score(out).with("STIR_CACHE", cache.toString()).start();
        while (!Files.exists(out.resolve("searches"))) {
            assertTrue(running.process().isAlive(), running.errorsSoFar());
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return running;
    }

    private static void signal(String name, long process) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process)).start();
        assertEquals(0, kill.waitFor());
    }

    @Test
    void aCrashIsReportedWithItsReportWhichLiesInTheCache() throws Exception {
        var folder = Image.scratch("crash");
        var out = folder.resolve("out");
        var cache = folder.resolve("cache");
        var running = running(out, cache);
        long java = running.java().pid();
        signal("SEGV", java);
        var message = running.end().failure(1);
        var report = cache.resolve("crashes/crash-" + java + ".log");
        assertTrue(Files.isRegularFile(report), message);
        assertTrue(message.contains("Native code crashed (SIGSEGV in "), message);
        assertTrue(message.contains(Image.built().demo("vgg_gelu1.onnx")), message);
        assertTrue(message.contains("the same command continues; details are in " + report + "."), message);
        assertFalse(Files.exists(Path.of("hs_err_pid" + java + ".log")));
        Image.delete(cache);
    }

    @ParameterizedTest
    @CsvSource({"KILL, 'The process was killed (SIGKILL'", "ABRT, Native code gave up (SIGABRT)"})
    void anEndWithoutACrashReportIsReported(String signal, String reason) throws Exception {
        var folder = Image.scratch("crash-" + signal);
        var cache = folder.resolve("cache");
        var running = running(folder.resolve("out"), cache);
        long java = running.java().pid();
        var crashes = Files.createDirectories(cache.resolve("crashes"));
        var old = Files.writeString(crashes.resolve("crash-" + java + ".log"), "# SIGFPE (0x8)\n");
        Files.setLastModifiedTime(old, FileTime.fromMillis(0)); // an earlier process of that number
        signal(signal, java);
        var message = running.end().failure(1);
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("the same command continues"), message);
        Image.delete(cache);
    }

    @Test
    void javaEndsWithItsLauncher() throws Exception {
        var folder = Image.scratch("crash-launcher");
        var cache = folder.resolve("cache");
        var running = running(folder.resolve("out"), cache);
        var java = running.java();
        running.process().destroyForcibly().waitFor();
        java.onExit().get(20, TimeUnit.SECONDS);
        assertFalse(java.isAlive());
        Image.delete(cache);
    }
}
