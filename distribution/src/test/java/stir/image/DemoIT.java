package stir.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import stir.cli.ResultFormatsTest;
import stir.core.io.arrays.NpyReader;

/** {@code stir demo} and {@code stir score} with what is bundled. */
class DemoIT {
    private static final Pattern PRINTED = Pattern.compile("(STIR|Similarity on X) \\d\\.\\d\\d");

    /** Returns a demo of few digits and steps. */
    private static Launch demo(String... more) {
        var words = new ArrayList<>(List.of("demo", "--limit", "20", "--iterations", "40"));
        words.addAll(List.of(more));
        return Image.built().stir(words.toArray(String[]::new));
    }

    @Test
    void demoScoresBothPairsAndSavesPictures() throws IOException {
        var out = Image.scratch("demo").resolve("saved");
        // The kind of processor is that of the digits below: ArchiveIT runs the whole demo on this one.
        var run = demo("--cpu-isa", "avx2", "--out", out.toString(), "--format", "json");
        var document = run.run().document();
        assertEquals("stir-demo", ResultFormatsTest.validate(document));
        var comparisons = document.path("comparisons");
        for (String family : new String[] {"vgg", "resnet"}) {
            assertEquals("stir-score", ResultFormatsTest.validate(comparisons.path(family)));
            // Both pairs are similar; what STIR says is checked with the published settings in
            // core.
            var directions = comparisons.path(family).path("directions");
            assertEquals(2, directions.size());
            for (var direction : directions) {
                var values = direction.path("measures").path("linear-cka");
                assertTrue(values.at("/similarity/value").asDouble() > 0.85, values::toString);
                double value = values.at("/stir/value").asDouble(-1);
                assertTrue(value > 0 && value < 1, document::toString);
                assertEquals(41, direction.at("/search/passes").asDouble());
            }
            assertNotNull(
                    ImageIO.read(out.resolve(family).resolve("picture.png").toFile()));
            assertArrayEquals(
                    new int[] {20, 1, 28, 28},
                    NpyReader.open(out.resolve(family).resolve("invariant-%s_gelu1.npy".formatted(family)))
                            .shape());
        }
        double vgg = ofSecond(comparisons, "vgg");
        double resnet = ofSecond(comparisons, "resnet");
        assertTrue(vgg > resnet + 0.1, vgg + " and " + resnet);
        assertEquals("similarity 0.96, STIR 0.98 and 0.98", digits(comparisons.path("vgg"), 2));
        assertEquals("similarity 0.95, STIR 0.6 and 0.4", digits(comparisons.path("resnet"), 1));
    }

    /** Returns the values of a pair that the demo prints: both STIRs with some decimals. */
    private static String digits(JsonNode comparison, int decimals) {
        var first = comparison.at("/directions/0");
        var second = comparison.at("/directions/1");
        var measure = "/measures/" + first.path("measure").asText();
        var text = "similarity %%.2f, STIR %%.%df and %%.%df".formatted(decimals, decimals);
        return text.formatted(
                first.at(measure + "/similarity/value").asDouble(),
                first.at(measure + "/stir/value").asDouble(),
                second.at(measure + "/stir/value").asDouble());
    }

    /** Returns STIR of the second network of a family, by biased CKA. */
    private static double ofSecond(JsonNode comparisons, String family) {
        for (var direction : comparisons.path(family).path("directions")) {
            if (direction.path("target").asText().equals(family + "_gelu1")) {
                return direction.at("/measures/linear-cka/stir/value").asDouble();
            }
        }
        throw new AssertionError(comparisons.toString());
    }

    /** The same digits as with AVX2, above. */
    @Test
    void theDemoPrintsTheSameDigitsOnTheOldestKindOfProcessor() throws IOException {
        var out = Image.scratch("demo-sse4.2").resolve("saved").toString();
        var text = demo("--cpu-isa", "sse4.2", "--out", out).run().out();
        var parts = new ArrayList<String>();
        for (var pair : text.split("\nresnet\n")) {
            var values = PRINTED.matcher(pair).results().map(MatchResult::group);
            parts.add(values.collect(Collectors.joining(", ")));
        }
        assertEquals(2, parts.size(), text);
        assertEquals("STIR 0.98, STIR 0.98, Similarity on X 0.96", parts.get(0), text);
        assertTrue(parts.get(1).matches("STIR 0\\.4\\d, STIR 0\\.6\\d, Similarity on X 0\\.95"), text);
    }

    @Test
    void scoreReadsPhotographs() throws IOException {
        // JPEG needs native libraries of the image's own.
        var folder = Image.scratch("jpeg");
        var photographs = Files.createDirectory(folder.resolve("photographs"));
        var random = new Random(3);
        for (int i = 0; i < 3; i++) {
            var image = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < 28 * 28; pixel++) {
                image.setRGB(pixel % 28, pixel / 28, random.nextInt(0x1000000));
            }
            ImageIO.write(image, "jpg", photographs.resolve(i + ".jpg").toFile());
        }
        var image = Image.built();
        var run = image.stir(
                        "score",
                        image.demo("vgg0.script.pt"),
                        image.demo("vgg1.script.pt"),
                        "--inputs",
                        photographs.toString(),
                        "--iterations",
                        "2",
                        "--format",
                        "json")
                .run();
        assertEquals(0, run.code(), run.err());
        assertEquals(
                "stir: warning: The inputs are in colour, and are converted to grey for models that take one channel: vgg0, vgg1.",
                run.err().strip());
        var document = new JsonMapper().readTree(run.out());
        assertEquals("[3,28,28]", document.at("/inputs/shape").toString());
        assertEquals("[1,28,28]", document.at("/networks/0/input").toString());
    }
}
