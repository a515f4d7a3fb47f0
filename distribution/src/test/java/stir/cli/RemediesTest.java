package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Refusal;
import stir.api.Remedy;
import stir.api.support.Platform;
import stir.cli.console.Remedies;

class RemediesTest {
    private static final Platform LINUX = new Platform("linux", "x86_64");

    private static final Remedies REMEDIES = new Remedies(Set.of("--out", "--force", "--limit"), false, LINUX);

    @ParameterizedTest
    @ValueSource(strings = {"Choose another folder.", "Any other words.", "replace what is there"})
    void optionsFollowFromTheRemediesNotFromTheSentence(String sentence) {
        assertEquals(sentence, REMEDIES.in(new Refusal(sentence)));
        var words = sentence.replace(".", "");
        assertEquals(
                words + " (options: --out, --force).",
                REMEDIES.in(new Refusal(
                        sentence, Remedy.CHOOSE_ANOTHER_FOLDER, Remedy.REPLACE_RESULTS, Remedy.PIN_INSTRUCTION_SET)));
        assertEquals(
                words + " (options: STIR_JAVA_OPTS=-Xmx8g).",
                REMEDIES.in(new Refusal(sentence, Remedy.LOWER_MEMORY_LIMIT, Remedy.RAISE_JAVA_MEMORY)));
    }

    @Test
    void anUnknownLayerIsAnsweredWithTheCommandThatListsAll() {
        var refusal = new Refusal("a b.onnx: There is no layer 'x': use one of fc, relu.", Remedy.NAME_LAYER);
        var command = "; `stir layers` lists all";
        var words = refusal.sentence().replaceFirst("\\.$", command);
        assertEquals(words + ".", REMEDIES.in(refusal));
        assertEquals(
                words + " (options: --layer, --layer-a, --layer-b).",
                new Remedies(Set.of("--layer", "--layer-a", "--layer-b"), false, LINUX).in(refusal));
    }

    @Test
    void gpuLibrariesAreInstalledWhereTheyExist() {
        var refusal = new Refusal("It finds no GPU.", Remedy.INSTALL_GPU_LIBRARIES);
        assertEquals(
                "It finds no GPU (options: `stir-gpu install`).", new Remedies(Set.of(), false, LINUX).in(refusal));
        var windows = new Platform("windows", "x86_64");
        assertEquals("It finds no GPU.", new Remedies(Set.of(), false, windows).in(refusal));
    }

    @Test
    void everyRemedyHasAnOptionInAtLeastOneCommand() {
        var commands = CommandRun.commands().getSubcommands().values();
        for (var remedy : Remedy.values()) {
            assertTrue(
                    commands.stream()
                            .map(Remedies::of)
                            .anyMatch(command ->
                                    !command.in(new Refusal("No.", remedy)).equals("No.")),
                    remedy::name);
        }
    }
}
