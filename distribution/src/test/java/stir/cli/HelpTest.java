package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import stir.core.Stir;

import java.util.ArrayList;
import java.util.List;

class HelpTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "score",
                "matrix",
                "report",
                "invert",
                "similarity",
                "represent",
                "layers",
                "check",
                "backends",
                "measures",
                "completion",
                "help",
                "manual"
            })
    void everyCommandHasHelpWithAnExample(String command) {
        assertTrue(CommandRun.of("--help").out().contains("  " + command), command);
        var run = CommandRun.of(command, "--help");
        assertEquals(0, run.code());
        assertEquals("", run.err());
        assertTrue(run.out().contains("Usage: stir " + command), run.out());
        assertTrue(
                run.out().indexOf("stir " + command, run.out().indexOf("Options:")) > 0, "example");
        assertTrue(run.out().contains("Exit codes:"), run.out());
    }

    /** Examples that are wrapped can't be copied. */
    @Test
    void examplesFitATerminalOf80Columns() {
        var root = CommandRun.commands();
        var wider = new ArrayList<String>();
        var all = new ArrayList<>(root.getSubcommands().values());
        all.add(root);
        for (var command : all) {
            for (var line : command.getCommandSpec().usageMessage().footer()) {
                if (line.startsWith(" ") && line.length() >= 80) {
                    wider.add(line);
                }
            }
        }
        assertEquals(List.of(), wider);
    }

    @Test
    void helpOfScoreListsItsOptions() {
        var help = CommandRun.of("score", "--help").out();
        for (String option :
                "--inputs --limit --layer-a --layer-b --mean-a --std-a --mean-b --std-b --measure --optimizer --iterations --tolerance --seed --rng-seed --norm --batch-size --threads --device --[no-]fake-relu --out --format --backend-a --backend-b --layout-a --setting-b --force --repeats --reduce --debug --quiet --verbose --preset --controversial --cka-attack --term --transform --step --momentum --ball --candidates --layer-weights-a --memory --allow-mixed-machines --keep-representations --cpu-isa --timeout"
                        .split(" ", -1)) {
            assertTrue(help.contains(option), option);
        }
    }

    @Test
    void helpOfMatrixListsItsOptionsAndTheKeysOfItsFile() {
        var help = CommandRun.of("matrix", "--help").out();
        for (String part :
                "--out --dry-run --limit --batch-size --memory --threads --device --force --allow-mixed-machines --keep-representations --cpu-isa --timeout search-layers: layer-weights: memory: threads: device: reduce: pairs: repeats:"
                        .split(" ", -1)) {
            assertTrue(help.contains(part), part);
        }
    }

    @Test
    void rarelyNeededOptionsComeLast() {
        var help = CommandRun.of("score", "--help").out();
        int objectives = help.indexOf("Other objectives of a search");
        int steps = help.indexOf("Other steps, constraints and candidates");
        assertTrue(help.indexOf("--optimizer=") < objectives, help);
        assertTrue(help.indexOf("--out=") < objectives, help);
        assertTrue(objectives < help.indexOf("--term="), help);
        assertTrue(help.indexOf("--term=") < steps, help);
        assertTrue(steps < help.indexOf("--ball="), help);
    }

    @Test
    void versionIsThatOfTheBuild() {
        var run = CommandRun.of("--version");
        assertEquals("stir " + Stir.version(), run.out().strip());
        assertTrue(Stir.version().matches("\\d+\\.\\d+\\.\\d+.*"), Stir.version());
    }
}
