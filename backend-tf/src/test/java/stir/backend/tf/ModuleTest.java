package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import stir.api.BackendProvider;

/** The backend as a named module, in separate processes that share a new cache. */
@Tag("slow")
class ModuleTest {
    @TempDir
    Path folder;

    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Returns the jars of TensorFlow; only those without native code are modules. */
    private static List<String> jars(boolean nativeCode) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(jar -> jar.contains("tensorflow")
                        || jar.contains("ndarray")
                        || jar.contains("protobuf")
                        || jar.contains("javacpp"))
                .filter(jar -> jar.endsWith(".jar"))
                .filter(jar -> jar.contains("linux-x86_64") == nativeCode)
                .toList();
    }

    private Process start(Path cache, Path log) throws IOException, URISyntaxException {
        var modules = new ArrayList<String>(jars(false));
        modules.add(place(TfBackendProvider.class).toString());
        modules.add(place(BackendProvider.class).toString());
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "ALL-SYSTEM",
                        "-p",
                        String.join(File.pathSeparator, modules),
                        "-cp",
                        String.join(File.pathSeparator, jars(true)),
                        "--patch-module",
                        "stir.backend.tf=" + place(ModuleTest.class),
                        "-m",
                        "stir.backend.tf/" + FirstStart.class.getName(),
                        cache.toString(),
                        Resources.path("tf_vgg0").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    @Test
    @Timeout(300)
    void twoProcessesStartForTheFirstTimeAtOnce() throws Exception {
        var cache = folder.resolve("cache");
        var logs = List.of(folder.resolve("a.log"), folder.resolve("b.log"));
        var processes = new ArrayList<Process>();
        for (Path log : logs) {
            processes.add(start(cache, log));
        }
        var answers = new ArrayList<String>();
        for (int i = 0; i < processes.size(); i++) {
            assertTrue(processes.get(i).waitFor(280, TimeUnit.SECONDS));
            var lines = Files.readAllLines(logs.get(i), StandardCharsets.UTF_8);
            assertEquals(0, processes.get(i).exitValue(), lines::toString);
            answers.add(lines.get(lines.size() - 1));
        }
        assertTrue(answers.get(0).startsWith("stir.backend.tf [cpu] "), answers.toString());
        assertEquals(answers.get(0), answers.get(1));
        try (var left = Files.list(cache)) {
            assertEquals(1, left.count(), "one folder of libraries, nothing unfinished");
        }
    }
}
