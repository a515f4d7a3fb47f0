package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.cli.console.EnvironmentVariable;
import stir.cli.option.OptionSection;
import stir.core.Stir;

class HelpTest {
    // It is made without the options of the commands.
    @Test
    void theHelpOfTheProgramListsAllCommands() {
        assertEquals(
                CommandRun.commands().getUsageMessage(), CommandRun.of("--help").out());
    }

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
                "options",
                "plugins",
                "cluster",
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
        assertTrue(run.out().indexOf("stir " + command, run.out().indexOf("Example")) > 0, "example");
        var all = CommandRun.of("help", command, "--all").out();
        assertTrue(all.contains("\nExit codes:\n"), all);
        for (var text : List.of(run.out(), all)) {
            assertEquals(
                    List.of(), text.lines().filter(line -> line.length() > 80).toList());
        }
    }

    @Test
    void theHelpOfACommandWithManyOptionsExplainsTheEverydayOnesAndNamesTheOthers() {
        var help = CommandRun.of("score", "--help").out();
        assertTrue(help.lines().count() <= 90, help);
        assertTrue(help.indexOf("Everyday options") < help.indexOf("--inputs="), help);
        assertTrue(help.indexOf("--inputs=") < help.indexOf("More options:"), help);
        assertTrue(help.contains("\n  Inputs: --resize, --crop"), help);
        assertFalse(help.contains("Exit codes"), help);
        assertTrue(help.endsWith("All options: stir help score --all, or man stir-score\n"), help);
        var few = CommandRun.of("layers", "--help").out();
        assertFalse(few.contains("More options"), few);
    }

    @Test
    void theHelpShowsOneSpellingOfANameAndUnderstandsBoth() {
        var help = CommandRun.of("help", "score", "--all").out();
        assertTrue(help.contains("--optimizer=") && help.contains("--normalise="), help);
        assertFalse(help.contains("--optimiser") || help.contains("--normalize"), help);
        var score =
                Objects.requireNonNull(CommandRun.commands().getSubcommands().get("score"));
        for (var name : List.of("--optimiser", "--normalize", "--normalize-a", "--normalize-b")) {
            assertTrue(score.getCommandSpec().optionsMap().containsKey(name), name);
        }
    }

    @Test
    void theEnvironmentIsExplained(@TempDir Path folder) throws IOException {
        var help = CommandRun.of("--help").out();
        assertEquals(0, CommandRun.of("manual", "--to", folder.toString()).code());
        var manual = Files.readString(folder.resolve("stir.1"));
        assertTrue(help.contains("\nEnvironment:\n"), help);
        assertTrue(manual.contains("\nEnvironment:\n"), manual);
        for (var variable : EnvironmentVariable.explained().keySet()) {
            assertTrue(help.contains("\n  " + variable + " "), variable);
            assertTrue(manual.contains("\n  " + variable + " "), variable);
        }
    }

    @Test
    void noLineEndsWithinAWord() {
        var root = CommandRun.commands();
        var all = new ArrayList<>(root.getSubcommands().values());
        all.add(root);
        for (var command : all) {
            var spec = command.getCommandSpec();
            var help = spec.parent() == null
                    ? CommandRun.of("--help").out()
                    : CommandRun.of("manual", spec.name()).out();
            var words = new HashSet<>(List.of(help.strip().split("\\s+", -1)));
            var divided = Stream.of(
                            Stream.of(spec.usageMessage().description()),
                            Stream.of(spec.usageMessage().footer()),
                            Stream.concat(
                                            spec.positionalParameters().stream(),
                                            OptionSection.of(spec, false).values().stream()
                                                    .flatMap(List::stream))
                                    .flatMap(arg -> Stream.of(arg.description())),
                            spec.subcommands().values().stream()
                                    .map(child -> child.getCommandSpec().usageMessage())
                                    .map(message -> message.description()[0]))
                    .flatMap(texts -> texts)
                    .flatMap(text -> Stream.of(text.replace("%%", "%").split(" ", -1)))
                    .filter(word -> !word.isEmpty() && !words.contains(word))
                    .toList();
            assertEquals(List.of(), divided, spec.qualifiedName());
        }
        assertTrue(CommandRun.of("help", "score", "--all").out().contains("light-noise[:"));
    }

    @Test
    void aValueOfHelpIsRefusedWithTheCommandThatExplainsAllOptions() {
        var run = CommandRun.of("score", "--help=all");
        assertEquals(2, run.code());
        assertEquals(
                "stir: The option '--help' takes no value: `stir help score --all` explains all" + " options.\n",
                run.err());
        assertTrue(CommandRun.of("--help=all").err().contains("`stir help --all`"));
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
        var help = CommandRun.of("help", "score", "--all").out();
        for (String option :
                "--inputs --limit --layer --layer-a --layer-b --mean --std --measure --optimizer --iterations --tolerance --seed --rng-seed --norm --batch-size --threads --device --[no-]fake-relu --out --format --backend --layout --setting --force --repeats --reduce --debug --quiet --verbose --preset --controversial --term --transform --step --momentum --ball --candidates --pairs --range --layer-weights --memory --keep-representations --cpu-isa --timeout --color"
                        .split(" ", -1)) {
            assertTrue(help.contains(option), option);
        }
        long count =
                help.lines().filter(line -> line.matches(" +(-\\w, )?--.*")).count();
        assertTrue(count > 50 && count <= 80, "options: " + count);
    }

    @Test
    void helpOfMatrixListsItsOptionsAndTheKeysOfItsFile() {
        var help = CommandRun.of("matrix", "--help").out();
        for (String part :
                "--out --dry-run --limit --batch-size --memory --threads --device --force --keep-representations --cpu-isa --timeout search-layers: layer-weights: memory: threads: device: reduce: pairs: repeats:"
                        .split(" ", -1)) {
            assertTrue(help.contains(part), part);
        }
    }

    /** What the options mean comes first, and the long description is in the manual. */
    @Test
    void theOptionsFollowTheFirstParagraph() {
        for (var name : List.of("score", "matrix")) {
            var help = CommandRun.of("help", name, "--all").out();
            var before = help.substring(0, help.indexOf("\n      --"));
            assertTrue(before.lines().count() <= 16, before);
            assertTrue(help.endsWith("\nMore about the command: stir manual " + name + "\n"), help);
            assertTrue(CommandRun.of("manual", name).out().length() > help.length() + 500, name);
        }
    }

    @Test
    void optionsOfManyMachinesBelongToCluster() {
        for (var name : List.of("score", "matrix")) {
            var alone = CommandRun.of("help", name, "--all").out();
            var cluster = CommandRun.of("help", "cluster", name, "--all").out();
            for (var option : "--slurm --kubernetes --stage --shard --finish --allow-mixed-machines".split(" ", -1)) {
                assertTrue(cluster.contains("\n      " + option), option + cluster);
                assertFalse(alone.contains(option), option);
            }
            assertTrue(cluster.contains("Usage: stir cluster " + name), cluster);
            assertTrue(cluster.lines().allMatch(line -> line.length() <= 80), cluster);
        }
    }

    @Test
    void rarelyNeededOptionsComeLast() {
        var help = CommandRun.of("help", "score", "--all").out();
        var expected = List.of(
                "\nEveryday options",
                "--optimizer=",
                "--out=",
                "\nInputs:",
                "--crop=",
                "\nNetworks",
                "--std=",
                "\nSearch:",
                "--tolerance=",
                "\nOther objectives",
                "--term=",
                "\nOther steps, constraints and candidates",
                "--ball=",
                "\nScores:",
                "--repeats=",
                "\nOutput:",
                "--force",
                "\nMachine:",
                "--threads=",
                "\nGeneral:",
                "--quiet");
        int place = 0;
        for (var part : expected) {
            int next = help.indexOf(part, place);
            assertTrue(next >= place, part + " after " + help.substring(place));
            place = next;
        }
    }

    @Test
    void versionIsThatOfTheBuild() {
        var run = CommandRun.of("--version");
        assertEquals("stir " + Stir.version(), run.out().strip());
        assertTrue(Stir.version().matches("\\d+\\.\\d+\\.\\d+.*"), Stir.version());
    }
}
