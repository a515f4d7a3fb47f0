package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.cli.CommandRun.direction;
import static stir.cli.CommandRun.values;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerifyCommandTest extends ScoredDigits {
    private static final String[] BY_PROTOCOL = {"--protocol", "real-1", "--seed", "super-noise"};

    private Path claim = Path.of("");

    @BeforeEach
    void enoughImages() throws IOException {
        images = CommandRun.images(folder, 40).toString();
    }

    private ObjectNode claimed(String... more) throws IOException {
        var words = new ArrayList<>(Arrays.asList(more));
        words.addAll(List.of("--format", "json"));
        return (ObjectNode) score(words.toArray(String[]::new)).document();
    }

    private CommandRun verify(ObjectNode document, String... more) throws IOException {
        claim = Files.writeString(folder.resolve("claim.json"), document.toString());
        var words = new ArrayList<>(List.of("verify", claim.toString()));
        words.addAll(Arrays.asList(more));
        return CommandRun.of(words.toArray(String[]::new));
    }

    /** The claim that is changed; it is made once for each test. */
    private Optional<ObjectNode> unchanged = Optional.empty();

    private CommandRun verifyChanged(Consumer<ObjectNode> change) throws IOException {
        if (unchanged.isEmpty()) {
            unchanged = Optional.of(claimed(BY_PROTOCOL));
        }
        var document = unchanged.orElseThrow().deepCopy();
        change.accept(document);
        return verify(document);
    }

    @Test
    void aClaimIsConfirmedOnOtherThreadsAndBatches() throws IOException {
        var document = claimed(BY_PROTOCOL);
        assertEquals("real-1", document.at("/settings/protocol").asText());
        var run = verify(document, "--threads", "1", "--batch-size", "7");
        assertEquals(0, run.code(), run.err());
        var lines = run.out().lines().toList();
        assertEquals(6, lines.size(), run.out());
        assertTrue(lines.get(0).endsWith(", protocol real-1."), run.out());
        assertEquals("The weights, the 40 inputs and the settings are the same.", lines.get(1));
        assertEquals("The machine is of the same type.", lines.get(2));
        assertTrue(lines.get(3).startsWith("STIR(net"), run.out());
        assertTrue(lines.get(5).startsWith("The claim is confirmed"), run.out());
    }

    @Test
    void filesAreFoundByTheirHashesUnderOtherNames() throws IOException {
        var document = claimed(BY_PROTOCOL);
        var models = Files.createDirectory(folder.resolve("models"));
        Files.move(Path.of(a), models.resolve("one.tiny"));
        Files.move(Path.of(b), models.resolve("other.tiny"));
        var moved = Files.move(Path.of(images), folder.resolve("moved.npy")).toString();
        var run = verify(document, "--models", models.toString(), "--inputs", moved);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("The claim is confirmed"), run.out());
        Files.delete(models.resolve("other.tiny"));
        var failure = verify(document, "--models", models.toString(), "--inputs", moved)
                .failure(2);
        assertTrue(failure.contains("no network with the claimed SHA-256 of net2.tiny"), failure);
        assertTrue(verify(document).failure(2).contains("net1.tiny"), "the paths of the claim");
    }

    @Test
    void aClaimWithoutAProtocolIsVerifiedAndSaysSo() throws IOException {
        var run = verify(claimed("--optimizer", "fast", "--limit", "30", "--out", folder + "/o"));
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("without a protocol."), run.out());
    }

    @Test
    void anotherScoreOrVerdictIsNotConfirmed() throws IOException {
        var run = verifyChanged(claim -> {
            var score = values(direction(claim, "net1"), "linear-cka-debiased");
            ((ObjectNode) score.path("stir")).put("value", -0.9);
        });
        assertEquals(1, run.code());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().startsWith("stir: The claim is not confirmed: STIR(net1 | net2) is "), run.err());
        var other =
                verifyChanged(claim -> ((ObjectNode) direction(claim, "net2").path("verdict")).put("word", "OTHER"));
        assertEquals(1, other.code());
        assertTrue(other.err().contains("STIR(net2 | net1)"), other.err());
    }

    @Test
    void claimsByEarlierRulesAreRefusedBeforeTheWork() throws IOException {
        var refusal = " was made by earlier rules of acceptance and verdicts: repeat its command, or verify it with"
                + " the version that made it.";
        var threshold = verifyChanged(
                claim -> ((ObjectNode) direction(claim, "net1").path("search")).remove("threshold_quantile"));
        assertTrue(threshold.failure(2).contains(refusal), threshold.err());
        assertEquals("", threshold.out());
        var word = verifyChanged(
                claim -> ((ObjectNode) direction(claim, "net2").path("verdict")).put("word", "NO MORE THAN CHANCE"));
        assertTrue(word.failure(2).contains(refusal), word.err());
    }

    @Test
    void missingDirectionsWiderIntervalsAndOtherMeasuresAreNotConfirmed() throws IOException {
        var half = verifyChanged(claim -> ((ArrayNode) claim.path("directions")).remove(1));
        assertEquals(1, half.code());
        assertTrue(half.err().contains("its command computes those of "), half.err());
        var wide = verifyChanged(claim -> ((ObjectNode)
                        values(direction(claim, "net1"), "linear-cka-debiased").path("stir"))
                .put("low", -5.0));
        assertEquals(1, wide.code(), wide.out());
        var published = verifyChanged(claim ->
                ((ObjectNode) values(direction(claim, "net1"), "linear-cka").path("similarity")).put("value", -0.5));
        assertEquals(1, published.code(), published.out());
    }

    @Test
    void otherWeightsInputsAndSettingsAreRefusedBeforeTheWork() throws IOException {
        var document = claimed(BY_PROTOCOL);
        Files.writeString(Path.of(a), "7");
        assertTrue(verify(document).failure(1).contains("can't be verified: net1 sha256 is "), "weights");
        Files.writeString(Path.of(a), "1");
        CommandRun.images(folder, 41);
        assertTrue(verify(document).failure(1).contains("inputs sha256 is "), "inputs");
        CommandRun.images(folder, 40);
        ((ObjectNode) document.path("settings")).put("repeats", 3);
        assertTrue(verify(document).failure(1).contains("settings repeats is 1 here and 3 in"), "settings");
    }

    @Test
    void documentsBeyondAllBoundsAreRefused() throws IOException {
        var texts = List.of("[".repeat(2_000_000), "{\"a\":" + "1".repeat(100_000) + "}");
        for (var text : texts) {
            var file = Files.writeString(folder.resolve("huge.json"), text);
            var refused = CommandRun.of("verify", file.toString()).failure(1);
            assertTrue(refused.contains("exceeds all bounds"), refused);
        }
    }

    @Test
    void anythingButAClaimIsRefused() throws IOException {
        var file = Files.writeString(folder.resolve("broken.json"), "{\"schema\": ");
        var broken = CommandRun.of("verify", file.toString()).failure(1);
        assertTrue(broken.contains("it is not JSON at line 1"), broken);
        var document = claimed(BY_PROTOCOL);
        var incomplete = document.deepCopy();
        incomplete.remove("inputs");
        assertTrue(verify(incomplete).failure(1).contains("inputs/sha256 is missing"), "part");
        var newer = document.deepCopy();
        ((ObjectNode) newer.path("versions")).put("stir", "9.0.0");
        assertTrue(verify(newer).failure(2).contains("was made by Stir 9.0.0"), "version");
        assertTrue(
                verify(document.deepCopy().put("schema", "stir-matrix/2"))
                        .failure(2)
                        .contains("is not a score (its schema is 'stir-matrix/2')"),
                "schema");
        var otherProtocol = document.path("command").asText().replace("real-1", "real-9");
        assertTrue(
                verify(document.deepCopy().put("command", otherProtocol))
                        .failure(2)
                        .contains("real-9"),
                "protocol");
        assertTrue(
                verify(document.deepCopy().put("command", "stir demo"))
                        .failure(2)
                        .contains("demo"),
                "command");
        assertTrue(CommandRun.of("verify", "none.json").failure(2).contains("none.json"), "file");
    }

    @Test
    void aClaimNeitherWritesNorLoadsPlugins() throws IOException {
        var document = claimed(BY_PROTOCOL);
        var command = document.path("command").asText();
        var out = folder.resolve("written");
        document.put("command", command + " --plugins none --out " + out + " --dry-run");
        assertEquals(0, verify(document).code());
        assertTrue(Files.notExists(out));
    }

    @Test
    void aScoreByTheProtocolNeedsFortyInputsAndTheProtocolsValues() throws IOException {
        CommandRun.images(folder, 12);
        assertTrue(score(BY_PROTOCOL).failure(2).contains("needs at least 40 inputs, and there are 12."));
        var other = score("--protocol", "real-1", "--seed", "super-noise", "--iterations", "5");
        assertTrue(other.failure(2).contains("--iterations: the protocol real-1 requires 100."), other.err());
        var repeats = score("--protocol", "real-1", "--seed", "super-noise", "--repeats", "2");
        assertTrue(repeats.failure(2).contains("sets repeats to 1, not 2."), repeats.err());
    }
}
