package stir.core.inputs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.io.arrays.NpyReader;
import stir.core.io.arrays.NpyWriter;

/** Photos of any size, as Pillow (mode F) and torchvision bring them to one. */
class ResizeAndCropTest {
    private static final Path PILLOW = Path.of("src/test/resources/framing.npz");
    private static final PixelSize PHOTO = new PixelSize(37, 53);

    @TempDir
    Path folder;

    private static float[] array(String name) {
        try (var reader = NpyReader.open(PILLOW, name)) {
            var values = reader.values();
            var floats = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                floats[i] = (float) values[i];
            }
            return floats;
        }
    }

    private static float[] photo() {
        var values = array("photo");
        for (int i = 0; i < values.length; i++) {
            values[i] /= 255;
        }
        return values;
    }

    private static ResizeAndCrop framing(
            Optional<String> resize, Optional<String> crop, Optional<String> size, String filter) {
        return ResizeAndCrop.parse(
                resize, crop, size, filter.equals("bicubic") ? Interpolation.BICUBIC : Interpolation.BILINEAR);
    }

    @Test
    void resizesAndCropsAsPillowAndTorchvision() {
        var none = Optional.<String>empty();
        for (var filter : new String[] {"bilinear", "bicubic"}) {
            check("shorter-16-" + filter, framing(Optional.of("16"), none, none, filter));
            check("shorter-60-" + filter, framing(Optional.of("60"), none, none, filter));
            check("exactly-20x11-" + filter, framing(Optional.of("20x11"), none, none, filter));
            check("size-24-" + filter, framing(none, none, Optional.of("24"), filter));
        }
        check("crop-10x20", framing(none, Optional.of("10x20"), none, "bilinear"));
    }

    private static void check(String name, ResizeAndCrop framing) {
        var expected = array(name);
        assertArrayEquals(expected, framing.apply(photo(), PHOTO), 2e-6f, name);
    }

    private void photo(String name, int width, int height) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, 0x10000 * (3 * x) + 0x100 * (2 * y) + 40);
            }
        }
        var path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        assertTrue(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), path.toFile()));
    }

    @Test
    void photosOfAnySizeInFoldersOfClasses() throws IOException {
        photo("dog/b.png", 64, 48);
        photo("cat/a.jpg", 40, 71);
        photo("cat/deeper/c.tif", 33, 32);
        var spec = InputsSpec.of(folder);
        var refusal = assertThrows(DataException.class, spec::open).getMessage();
        assertTrue(refusal.contains("bring them to one size"), refusal);
        var inputs = spec.withResizeAndCrop(ResizeAndCrop.square(32)).open();
        assertEquals(Shape.of(3, 32, 32), inputs.shape());
        assertEquals("cat/a.jpg", inputs.name(0));
        assertEquals(OptionalInt.of(0), inputs.facts().label(1));
        assertEquals(OptionalInt.of(1), inputs.facts().label(2));
        assertEquals(
                "the shorter side resized to 32 (antialiased, bilinear), cropped to the central 32 x 32",
                inputs.limit(1).facts().preparation());
        var first = inputs.read(2, 1).toArray();
        assertArrayEquals(first, inputs.read(2, 1).toArray());
        assertEquals(40 / 255f, first[2 * 32 * 32 + 100], 1e-6f);
        var resized = new ResizeAndCrop(
                Optional.of(new ResizeAndCrop.ShorterSide(32)), Optional.empty(), Interpolation.BILINEAR);
        assertTrue(assertThrows(
                        DataException.class,
                        () -> spec.withResizeAndCrop(resized).open())
                .getMessage()
                .contains("also when the shorter side"));
        var cropped = new ResizeAndCrop(Optional.empty(), Optional.of(PixelSize.square(33)), Interpolation.BILINEAR);
        assertTrue(assertThrows(
                        DataException.class,
                        () -> spec.withResizeAndCrop(cropped).open())
                .getMessage()
                .contains("too few for a crop of 33 x 33"));
        photo("top.png", 40, 40);
        assertEquals(
                OptionalInt.empty(),
                spec.withResizeAndCrop(ResizeAndCrop.square(32)).open().facts().label(0));
    }

    @Test
    void arraysAreFramedToo() {
        var path = folder.resolve("x.npy");
        NpyWriter.write(path, Batch.of(Shape.of(3, 37, 53), photo()));
        var spec = InputsSpec.of(path).withResizeAndCrop(ResizeAndCrop.square(24));
        assertArrayEquals(array("size-24-bilinear"), spec.open().read(0, 1).toArray(), 2e-6f);
        NpyWriter.write(path, Batch.of(Shape.of(2), 0, 1));
        assertThrows(UsageException.class, spec::open);
        assertThrows(UsageException.class, InputsSpec.of(path).withArray("x")::open);
    }

    @Test
    void anArchiveMayCallItsArraysAnything() {
        var file = Path.of("src/test/resources/arrays.npz");
        var inputs = InputsSpec.of(file).withArray("x_test").open();
        assertEquals(Shape.of(1, 4, 4), inputs.shape());
        assertEquals(OptionalInt.of(7), inputs.facts().label(1));
        var refusal =
                assertThrows(UsageException.class, InputsSpec.of(file)::open).getMessage();
        assertTrue(refusal.contains("x_test, x_train, y_test"), refusal);
        var only =
                InputsSpec.of(Path.of("src/test/resources/images-labels.npz")).open();
        assertEquals(OptionalInt.of(3), only.facts().label(1));
    }

    @Test
    void sizesAreChecked() {
        assertEquals(new PixelSize(160, 224), PixelSize.parse("160x224"));
        for (var text : new String[] {"", "0", "-3", "224x", "2.5", "99999", "1x2x3"}) {
            assertThrows(UsageException.class, () -> PixelSize.parse(text), text);
        }
        var size = Optional.of("8");
        assertThrows(
                UsageException.class, () -> ResizeAndCrop.parse(size, Optional.empty(), size, Interpolation.BILINEAR));
    }
}
