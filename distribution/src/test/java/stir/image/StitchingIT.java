package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import stir.cli.ResultFormatsTest;

/** Heads of bundled networks, which {@code src/test/python/make_heads.py} cuts out of them. */
class StitchingIT {
    private static final Path HEADS = Path.of("src/test/resources/heads").toAbsolutePath();

    /** Scores a network of the examples and the demo's VGG on 40 digits. */
    private static Launch score(String network, Path out, String... more) {
        var image = Image.built();
        var words = new ArrayList<>(List.of("score"));
        words.add(image.folder().resolve("examples/networks").resolve(network).toString());
        words.add(image.demo("vgg_gelu0.onnx"));
        words.addAll(List.of("--inputs", image.demo("mnist500-images-idx3-ubyte")));
        words.addAll(List.of("--limit", "40", "--optimizer", "fast", "--iterations", "30"));
        words.addAll(List.of("--format", "json", "--out", out.toString()));
        words.addAll(List.of(more));
        return image.stir(words.toArray(String[]::new));
    }

    private static String head(String file) {
        return HEADS.resolve(file).toString();
    }

    private static JsonNode stitching(JsonNode document, String target) {
        for (var direction : document.path("directions")) {
            if (direction.path("target").asText().equals(target)) {
                return direction.at("/outcomes/stitching");
            }
        }
        throw new AssertionError("no target " + target);
    }

    private static double value(JsonNode stitching, String key) {
        double value = stitching.path(key).asDouble(-1);
        assertTrue(value >= 0 && value <= 1, stitching::toString);
        return value;
    }

    @Test
    void headsOfTwoFrameworksAnswerToEachOthersLayers() throws IOException {
        var out = Image.scratch("stitching-shared").resolve("out");
        var heads = new String[] {"--head-a", head("plain0.pt"), "--head-b", head("vgg_gelu0.onnx")};
        var document = score("plain0.pt", out, heads).run().document();
        assertEquals("stir-score", ResultFormatsTest.validate(document));
        for (var target : List.of("plain0", "vgg_gelu0")) {
            var stitching = stitching(document, target);
            assertEquals(20, stitching.path("fitted").asInt());
            assertEquals(20, stitching.path("inputs").asInt());
            assertTrue(value(stitching, "stitched_agreement") >= 0.6, stitching::toString);
            assertTrue(value(stitching, "target_accuracy") >= 0.9, stitching::toString);
        }
        var table = Files.readAllLines(out.resolve("results.csv"));
        assertTrue(
                table.get(0)
                        .endsWith(
                                ",stitched_agreement,stitched_agreement_after,stitched_accuracy,stitched_accuracy_after"),
                table.get(0));
        var again = score("plain0.pt", out, heads).run().document();
        assertEquals(document.path("directions"), again.path("directions"));
    }

    @Test
    void theStitchedNetworkKeepsItsAnswersWhereTheTargetDoesNotShareInvariances() throws IOException {
        var out = Image.scratch("stitching-chance").resolve("out");
        var document = score("transformer0.pt", out, "--head-b", head("vgg_gelu0.onnx"))
                .run()
                .document();
        assertTrue(stitching(document, "transformer0").isMissingNode());
        var stitching = stitching(document, "vgg_gelu0");
        double kept = value(stitching, "stitched_accuracy") - value(stitching, "stitched_accuracy_after");
        assertTrue(Math.abs(kept) <= 0.1, stitching::toString);
        double lost = value(stitching, "target_accuracy") - value(stitching, "target_accuracy_after");
        assertTrue(lost >= 0.5, stitching::toString);
    }

    @Test
    void theHeadOfAnotherNetworkIsRefused() throws IOException {
        var out = Image.scratch("stitching-refused").resolve("out");
        var refusal =
                score("plain0.pt", out, "--head-a", head("robust0.pt")).run().failure(2);
        assertTrue(refusal.contains("differ from the network's at 'classifier'"), refusal);
    }
}
