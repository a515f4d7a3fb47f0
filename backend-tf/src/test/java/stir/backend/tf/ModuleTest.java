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

/** The backend as a named module, in a separate process. */
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

    private static Process start(Path cache, Path log) throws IOException, URISyntaxException {
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
    void itComputesAsANamedModule() throws Exception {
        var log = folder.resolve("module.log");
        var process = start(Models.cache(), log);
        assertTrue(process.waitFor(280, TimeUnit.SECONDS));
        var lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), lines::toString);
        assertTrue(lines.get(lines.size() - 1).startsWith("stir.backend.tf [cpu] "), lines::toString);
    }
}
