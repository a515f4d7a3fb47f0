package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import stir.api.testing.TestProcess;

/** The end of a process that is terminated while ONNX Runtime is running. */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class EndingTest {
    private static final int TERMINATED = 128 + 15;

    @Test
    void aProcessThatIsTerminatedWhileItMakesSessionsDoesNotAbort() throws Exception {
        for (int round = 0; round < 5; round++) {
            assertEquals(TERMINATED, codeAfter(round * 46L));
        }
    }

    private static int codeAfter(long milliseconds) throws IOException, InterruptedException {
        var model = Fixtures.model("vgg0").toAbsolutePath().toString();
        var process = TestProcess.of(OpensWithoutEnd.class, List.of(), model).start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertNotNull(lines.readLine(), "it began");
            TimeUnit.MILLISECONDS.sleep(milliseconds);
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
