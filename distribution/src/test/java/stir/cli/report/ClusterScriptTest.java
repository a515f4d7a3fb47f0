package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.UsageException;

class ClusterScriptTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "o\nmetadata: {evil: 1}\n#",
                "o\rmetadata: {evil: 1}",
                "o\u0085metadata: {evil: 1}",
                "o\u2028metadata: {evil: 1}",
                "o\u2029metadata: {evil: 1}",
                "o\u000bmetadata: {evil: 1}",
                "o\u001b[2J",
            })
    void namesThatWouldEndACommentAreRefused(String name) {
        var folder = Path.of("results");
        for (var arguments : new String[] {"matrix study.yaml", "matrix '" + name + "'"}) {
            var out = arguments.contains(name) ? folder : Path.of(name);
            var refused = assertThrows(UsageException.class, () -> new ClusterScript(arguments, out, null));
            assertTrue(refused.getMessage().contains("a line break or a control character"), refused.getMessage());
            assertEquals(1, refused.getMessage().lines().count());
        }
    }

    @Test
    void kubernetesLeavesDollarsToTheShell() {
        var script = new ClusterScript("matrix 'a$$b.yaml'", Path.of("results"), null).kubernetes(2);
        assertTrue(script.contains("matrix ''a$$$$b.yaml''"), script);
        assertTrue(script.contains("--shard $$JOB_COMPLETION_INDEX/2"), script);
        assertTrue(new ClusterScript("matrix 'a$$b.yaml'", Path.of("results"), null)
                .slurm(2)
                .contains("a$$b.yaml"));
    }
}
