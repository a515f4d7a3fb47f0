package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

class CheckCommandTest {
    @TempDir Path folder;

    @Test
    void aGoodExportHasNoProblems() throws IOException {
        var model = CommandRun.network(folder, 1).toString();
        var document = CommandRun.of("check", model, "--format", "json").document();
        assertEquals("tiny", document.get("backend").asText());
        assertEquals("hidden", document.get("default").asText());
        assertTrue(document.at("/gradients/hidden/agrees").asBoolean(), document::toString);
        assertEquals(2, document.at("/layers/searchable").asInt());
        assertEquals("classes", document.at("/layers/without-gradient/0/layers/0").asText());
        assertEquals(3, document.get("searches").size());
        assertEquals(0, document.get("problems").size());
        var text = CommandRun.of("check", model).out();
        assertTrue(text.contains("at hidden as by finite differences"), text);
        assertTrue(text.endsWith("nothing is wrong\n"), text);
    }

    @Test
    void anExportOfOtherWeightsIsAFailure() throws IOException {
        var model = CommandRun.network(folder, 1).toString();
        var other = CommandRun.network(folder, 2).toString();
        var inputs = CommandRun.images(folder, 5).toString();
        var same = CommandRun.of("check", model, "--against", model, "--inputs", inputs);
        assertEquals(0, same.code(), same.out());
        var run =
                CommandRun.of(
                        "check", model, "--against", other, "--inputs", inputs, "--format", "json");
        assertEquals(ExitCode.FAILED, run.code());
        var document = new JsonMapper().readTree(run.out());
        assertTrue(document.at("/differences/0/difference").asDouble() > 0.5, run.out());
        assertTrue(document.at("/problems/0").asText().contains("differ from"), run.out());
    }
}
