package stir.core.inputs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.Seed;
import stir.core.inversion.search.NearestCandidates;
import stir.core.inversion.search.SeedSource;
import stir.core.io.arrays.WavFile;
import stir.core.store.Fingerprint;

/** The values come from scipy: {@code src/test/python/wav_references.py}. */
class WavInputsTest {
    private static final int RATE = 8000;

    @TempDir
    Path folder;

    private static byte[] resource(String file) {
        try (var in = WavInputsTest.class.getResourceAsStream("/sounds/" + file)) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static float[] expected(String name) {
        return new String(resource("values.csv"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(","))
                .filter(cells -> cells[0].equals(name))
                .map(cells -> {
                    var values = new float[cells.length - 1];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = Float.parseFloat(cells[i + 1]);
                    }
                    return values;
                })
                .findFirst()
                .orElseThrow();
    }

    private Path copy(String resource, String name) {
        try {
            var file = folder.resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            return Files.write(file, resource(resource));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static float[] values(Inputs inputs, int index) {
        var values = inputs.read(index, 1).toArray();
        inputs.facts().range().fromUnit(values);
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"u8", "s16", "s24", "s32", "f32"})
    void samplesOfEveryFormatAreThoseOfScipy(String name) {
        var inputs = InputsSpec.of(copy(name + ".wav", "one.wav")).open();
        assertEquals(Shape.of(9), inputs.shape());
        assertEquals(RATE, inputs.facts().sound().orElseThrow().rate());
        assertEquals("-1,1", inputs.facts().range().text());
        assertEquals("one.wav", inputs.name(0));
        assertArrayEquals(expected(name), values(inputs, 0), 1e-7f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wav", "wav/wav", "sounds.wav", "png/x.png"})
    void aFolderMayBeNamedLikeAnEnding(String name) throws IOException {
        copy("u8.wav", name + "/one.wav");
        copy("s16.wav", name + "/wav/two.wav");
        Files.write(folder.resolve(name).resolve("jpg"), new byte[] {1});
        var inputs = InputsSpec.of(folder.resolve(name)).open();
        assertEquals(List.of("one.wav", "wav/two.wav"), List.of(inputs.name(0), inputs.name(1)));
        assertEquals(2, inputs.count());
    }

    @Test
    void theChosenChannelIsRead() {
        var file = copy("stereo.wav", "two.wav");
        var unnamed =
                assertThrows(UsageException.class, () -> InputsSpec.of(file).open());
        assertEquals(List.of(Remedy.NAME_CHANNEL), unnamed.refusal().remedies());
        assertTrue(unnamed.getMessage().contains("has 2 channels"));
        var second = InputsSpec.of(file).withArray("2").open();
        assertArrayEquals(expected("stereo"), values(second, 0), 1e-7f);
        var third = InputsSpec.of(file).withArray("3");
        assertTrue(assertThrows(UsageException.class, third::open)
                .getMessage()
                .endsWith("its channels are numbered from 1 to 2."));
        assertThrows(UsageException.class, InputsSpec.of(file).withArray("left")::open);
    }

    @Test
    void aFolderOfSoundsHasNamesAndClasses() {
        copy("s16.wav", "b/y.wav");
        copy("f32.wav", "a/x.WAV");
        var inputs = Inputs.open(folder);
        assertEquals(2, inputs.count());
        assertEquals(Path.of("a", "x.WAV").toString(), inputs.name(0));
        assertEquals(OptionalInt.of(1), inputs.facts().label(1));
        assertArrayEquals(expected("s16"), values(inputs, 1), 1e-7f);
        assertEquals(RATE, inputs.limit(1).facts().sound().orElseThrow().rate());
    }

    @Test
    void seedsAreReadAsTheyAre() {
        var inputs = InputsSpec.of(copy("f32.wav", "seeds.wav")).openUnbounded();
        assertTrue(inputs.facts().range().isUnit());
        assertArrayEquals(expected("f32"), inputs.read(0, 1).toArray(), 1e-7f);
    }

    @Test
    void seedsAndPairsAreReadAtTheChannelOfTheInputs() throws IOException {
        var inputs = InputsSpec.of(copy("stereo.wav", "x/a.wav")).withArray("2").open();
        var expected = inputs.read(0, 1).toArray();
        copy("stereo.wav", "stereo/a.wav");
        write("mono.wav", RATE, expected("stereo"));
        for (var name : List.of("stereo", "stereo/a.wav", "mono.wav")) {
            var path = folder.resolve(name);
            var row = Batch.allocate(1, inputs.shape());
            new SeedSource(new Seed.Given(path), 0, inputs.limit(1)).write(0, row, 0);
            assertArrayEquals(expected, row.toArray(), 1e-6f, name);
            var pairs = new NearestNeighbour(Norm.L2, Optional.of(path), true);
            var sound = NearestCandidates.of(pairs, inputs).inputs().read(0, 1);
            assertArrayEquals(expected, sound.toArray(), 1e-6f, name);
        }
        var mono = Inputs.open(folder.resolve("mono.wav"));
        var stereo = new Seed.Given(folder.resolve("stereo"));
        var refusal = assertThrows(UsageException.class, () -> new SeedSource(stereo, 0, mono));
        assertEquals(List.of(Remedy.NAME_CHANNEL), refusal.refusal().remedies());
        var first = InputsSpec.of(folder.resolve("x")).withArray("1").open();
        assertNotEquals(Fingerprint.of(first), Fingerprint.of(inputs));
    }

    @Test
    void soundsNextToImagesAreNotRead() throws IOException {
        copy("s16.wav", "y.wav");
        var image = new BufferedImage(2, 3, BufferedImage.TYPE_BYTE_GRAY);
        ImageIO.write(image, "png", folder.resolve("x.png").toFile());
        assertEquals(Shape.of(1, 3, 2), Inputs.open(folder).shape());
    }

    private void write(String name, int rate, float... samples) throws IOException {
        var bytes = new ByteArrayOutputStream();
        WavFile.write(bytes, samples, rate);
        Files.write(folder.resolve(name), bytes.toByteArray());
    }

    @Test
    void otherLengthsAndRatesAreRefusedWithBoth() throws IOException {
        write("a.wav", RATE, 0, 1);
        write("b.wav", RATE, 0, 1, 0);
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(folder))
                .getMessage()
                .endsWith("differ in length: a.wav has 2 samples, but b.wav has 3: cut or pad them to one length."));
        write("b.wav", 16000, 0, 1);
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(folder))
                .getMessage()
                .contains("a.wav has 8000 samples per second, but b.wav has 16000"));
    }

    @Test
    void floatsBeyondOneNeedARange() throws IOException {
        write("a.wav", RATE, 0, 1.5f);
        var refusal = assertThrows(DataException.class, () -> Inputs.open(folder));
        assertEquals(List.of(Remedy.NAME_RANGE), refusal.refusal().remedies());
        var wide = InputsSpec.of(folder).withRange(RangeChoice.parse("-2,2")).open();
        assertArrayEquals(new float[] {0, 1.5f}, values(wide, 0), 1e-6f);
        write("a.wav", RATE, 0, Float.NaN);
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(folder))
                .getMessage()
                .contains("sample 1"));
    }

    @Test
    void writtenSoundsAreReadWithTheSameBits() throws IOException {
        var samples = new float[] {0.1f, -0.7f, 1, -1, 1e-30f};
        write("a.wav", 44100, samples);
        var file = WavFile.open(folder.resolve("a.wav"));
        assertEquals(44100, file.rate());
        assertArrayEquals(samples, file.samples(0));
    }

    @Test
    void anExtensibleHeaderNamesItsFormat() throws IOException {
        var plain = resource("f32.wav");
        int data = plain.length - 9 * Float.BYTES;
        var bytes = ByteBuffer.allocate(68 + 36).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(plain, 0, 12).put("fmt ".getBytes(StandardCharsets.US_ASCII)).putInt(40);
        bytes.putShort((short) 0xFFFE).putShort((short) 1).putInt(RATE).putInt(4 * RATE);
        bytes.putShort((short) 4).putShort((short) 32).putShort((short) 22).putShort((short) 32);
        bytes.putInt(4).putShort((short) 3).put(new byte[14]);
        bytes.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(36).put(plain, data, 36);
        Files.write(folder.resolve("e.wav"), bytes.array());
        assertArrayEquals(expected("f32"), WavFile.open(folder.resolve("e.wav")).samples(0), 1e-7f);
    }

    /** Files of damaged bytes are refused in a sentence, whatever is damaged. */
    @Test
    void damagedFilesAreRefused() throws IOException {
        var whole = resource("s16.wav");
        var file = folder.resolve("d.wav");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThrows(DataException.class, () -> WavFile.open(file));
        }
        var random = new Random(1);
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++) {
            var damaged = whole.clone();
            for (int change = 0; change <= trial % 3; change++) {
                damaged[random.nextInt(44)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                var wav = WavFile.open(file);
                assertTrue(wav.samples(0).length <= whole.length);
            } catch (StirException e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 500, "refused " + refused);
    }

    @Test
    void otherFormatsAreNamed() throws IOException {
        var bytes = resource("s16.wav");
        bytes[20] = 85; // MP3
        Files.write(folder.resolve("m.wav"), bytes);
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(folder))
                .getMessage()
                .contains("the format 85 of 16 bits, not PCM of 8, 16, 24 or 32 bits"));
    }
}
