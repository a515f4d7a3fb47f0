package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import stir.api.BackendException;
import stir.api.testing.TestProcess;

/** ONNX Runtime's telemetry, which writes files, opens connections and may crash. */
class TelemetryTest {
    @TempDir
    private Path home;

    /** A process that loads the runtime and prints the sentence of a refusal. */
    static final class Loads {
        private Loads() {}

        public static void main(String[] arguments) {
            try {
                RuntimeLibrary.load(Fixtures.cache());
                System.out.println("loaded");
            } catch (BackendException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void theVariableOfTheLauncherPreventsIt() throws Exception {
        assertEquals("loaded", output(true, "x".repeat(10_000)));
        try (var files = Files.walk(home)) {
            assertEquals(List.of(home), files.toList());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLongCommandLineIsRefusedWithoutIt() throws Exception {
        var refusal = output(false, "x".repeat(10_000));
        assertTrue(refusal.startsWith("ONNX Runtime would crash, because "), refusal);
        assertTrue(refusal.endsWith(": set the environment variable ORT_DISABLE_TELEMETRY=1."));
        assertFalse(Files.exists(home.resolve(".cache")));
    }

    private String output(boolean prevented, String argument) throws IOException, InterruptedException {
        var builder = TestProcess.of(Loads.class, List.of(), argument);
        builder.environment().put("HOME", home.toString());
        builder.environment().remove("XDG_CACHE_HOME");
        if (!prevented) {
            builder.environment().remove("ORT_DISABLE_TELEMETRY");
        }
        var process = builder.start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text.strip();
    }
}
