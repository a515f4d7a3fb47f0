package stir.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import stir.cli.ResultFormatsTest;
import stir.core.io.arrays.NpyReader;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import javax.imageio.ImageIO;

/** {@code stir demo} and {@code stir score} with what is bundled. */
class DemoIT {
    /** Returns a demo of few digits and steps. */
    private static Launch demo(String... more) {
        var words = new ArrayList<>(List.of("demo", "--limit", "36", "--iterations", "60"));
        words.addAll(List.of(more));
        return Image.built().stir(words.toArray(String[]::new));
    }

    @Test
    void demoScoresBothPairsAndSavesPictures() throws IOException {
        var out = Image.scratch("demo").resolve("saved");
        var document = demo("--out", out.toString(), "--format", "json").run().document();
        assertEquals("stir-demo", ResultFormatsTest.validate(document));
        var comparisons = document.path("comparisons");
        for (String family : new String[] {"vgg", "resnet"}) {
            assertEquals("stir-score", ResultFormatsTest.validate(comparisons.path(family)));
            // Both pairs are similar; what STIR says is checked with the published settings in
            // core.
            assertTrue(comparisons.at("/" + family + "/similarity/linear-cka").asDouble() > 0.85);
            for (String direction : new String[] {"a|b", "b|a"}) {
                var stir = comparisons.at("/" + family + "/stir/" + direction);
                double value = stir.at("/linear-cka/value").asDouble(-1);
                assertTrue(value > 0 && value < 1, document::toString);
                assertEquals(61, stir.at("/passes").asDouble());
            }
            assertNotNull(ImageIO.read(out.resolve(family).resolve("picture.png").toFile()));
            assertArrayEquals(
                    new int[] {36, 1, 28, 28},
                    NpyReader.open(out.resolve(family).resolve("invariant-b.npy")).shape());
        }
        double vgg = comparisons.at("/vgg/stir/b|a/linear-cka/value").asDouble();
        double resnet = comparisons.at("/resnet/stir/b|a/linear-cka/value").asDouble();
        assertTrue(vgg > resnet + 0.1, vgg + " and " + resnet);
    }

    /** {@link ArchiveIT} runs the whole demo on this processor; a few digits show the kinds. */
    @ParameterizedTest
    @ValueSource(strings = {"sse4.2", "avx2"})
    void theDemoPrintsTheSameDigitsOnEveryKindOfProcessor(String isa) throws IOException {
        var out = Image.scratch("demo-" + isa).resolve("saved").toString();
        var text = demo("--cpu-isa", isa, "--out", out).run().out();
        assertTrue(text.contains("vgg     similarity 0.96, STIR 0.99 and 0.99"), text);
        assertTrue(text.contains("resnet  similarity 0.95, STIR 0.5 and 0.7"), text);
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
        var run =
                image.stir(
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
        assertEquals("[3,28,28]", run.document().at("/inputs/shape").toString());
        assertEquals("[1,28,28]", run.document().at("/a/input").toString());
    }
}
