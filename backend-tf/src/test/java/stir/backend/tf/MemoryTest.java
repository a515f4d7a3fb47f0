package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.testing.TestProcess;

/**
 * What many passes leave behind, in processes that no other test has used, as bin/stir starts them.
 */
class MemoryTest {
    /** More of them, as in {@code -Dstir.tf.passes=10000}, take a minute. */
    private static final String PASSES = System.getProperty("stir.tf.passes", "800");

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    @Timeout(300)
    void memoryDoesNotGrow(String oneDnn) throws IOException, InterruptedException {
        var builder = TestProcess.of(ManyPasses.class, List.of("-Xmx64m"), PASSES);
        builder.environment().put("TF_CPU_ALLOCATOR_USE_BFC", "true");
        builder.environment().put("TF_ENABLE_ONEDNN_OPTS", oneDnn);
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        var lines = said.lines().toList();
        long grown = Long.parseLong(lines.get(lines.size() - 1));
        // a leak of one tensor in every other run would be 400 times 400 kB at least
        assertTrue(grown < 100_000, "grown by " + grown + " kB");
    }
}
