package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The two commands with which the README sets Stir up on a fresh machine. */
class ReadmeCommandsTest {
    private static final Path ROOT = Path.of("..");

    private static List<String> commands(String page) throws IOException {
        return Files.readAllLines(ROOT.resolve(page)).stream()
                .filter(line -> line.startsWith("mvn "))
                .toList();
    }

    @Test
    void oneBuildsAndRunsTheDemoAndOneRunsAllTests() throws IOException {
        var commands = commands("README.md");
        assertEquals(2, commands.size(), commands::toString);
        assertEquals("mvn -Dquick package && distribution/target/stir/bin/stir demo", commands.get(0));
        assertTrue(commands.get(1).startsWith("mvn verify"), commands::toString);
        assertEquals(commands, commands("CONTRIBUTING.md"));
    }

    @Test
    void theChecksOfAChangeRunTheTestCommandOfTheReadme() throws IOException {
        var script = Files.readString(ROOT.resolve(".ci/run"));
        assertTrue(script.contains("command=$(grep -x 'mvn verify.*' README.md)"), script);
        assertTrue(script.contains("\n$command "), script);
    }
}
