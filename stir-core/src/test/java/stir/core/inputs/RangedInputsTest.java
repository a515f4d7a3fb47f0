package stir.core.inputs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.io.arrays.NpyWriter;
import stir.core.store.Fingerprint;

class RangedInputsTest {
    @TempDir
    Path folder;

    private Path table() {
        var file = folder.resolve("table.npy");
        NpyWriter.write(file, Batch.of(Shape.of(3), -2, 10, 7, 2, 30, 7, 0, 20, 7));
        return file;
    }

    private Inputs open(String range) {
        return InputsSpec.of(table()).withRange(RangeChoice.parse(range)).open();
    }

    @Test
    void readsValuesAsSharesOfTheRangeAndWritesThemBack() {
        var inputs = open("-2,2/0,40/0,10");
        assertArrayEquals(
                new float[] {0, 0.25f, 0.7f, 1, 0.75f, 0.7f, 0.5f, 0.5f, 0.7f},
                inputs.read(0, 3).toArray(),
                1e-6f);
        assertEquals("-2,2/0,40/0,10", inputs.limit(1).facts().range().text());
        assertEquals("searched in [-2,2] [0,40] [0,10]", inputs.limit(1).facts().preparation());
        var first = inputs.read(0, 1);
        inputs.facts().range().fromUnit(first, 0);
        assertArrayEquals(new float[] {-2, 10, 7}, first.toArray(), 1e-5f);
    }

    @Test
    void theRangeOfDataIsThatOfEachColumnWidenedByAShareOfItsWidth() {
        assertEquals("-2.4,2.4/8,32/7,7", open("data").facts().range().text());
        assertEquals("-6,6/-10,50/7,7", open("free").facts().range().text());
        var row = open("data").read(1, 1);
        assertEquals(0, row.get(0, 2));
        open("data").facts().range().fromUnit(row, 0);
        assertArrayEquals(new float[] {2, 30, 7}, row.toArray(), 1e-5f);
    }

    @Test
    void theRangeOfDataIsThatOfAllInputsWhateverTheLimit() {
        assertEquals(open("data").facts().range(), open("data").limit(1).facts().range());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 1, 12345.678})
    void aWidenedRangeIsRoundedOutwards(double width) {
        var widened = ValueRange.of(1000, 1000 + width).widened(0.1);
        assertTrue(widened.low().get(0) <= 1000 - 0.0999 * width);
        assertTrue(widened.high().get(0) >= 1000 + 1.0999 * width);
        assertTrue(widened.high().get(0) - widened.low().get(0) < 1.21 * width);
    }

    @Test
    void valuesOutsideAreRefusedWithTheRangeAsTheRemedy() {
        var unnamed = assertThrows(DataException.class, () -> Inputs.open(table()));
        assertTrue(unnamed.refusal().remedies().contains(Remedy.NAME_RANGE));
        var narrow = assertThrows(DataException.class, () -> open("-2,2/0,25/0,10"));
        assertTrue(narrow.getMessage().contains("from 10.0 to 30.0 in channel 1"), narrow.getMessage());
        assertEquals(List.of(Remedy.NAME_RANGE), narrow.refusal().remedies());
        var two = assertThrows(UsageException.class, () -> open("-2,2/0,40"));
        assertTrue(two.getMessage().contains("2 pairs"), two.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1; is not a range",
                "a,b; is not a range",
                "0,1,2; is not a range",
                "1,0; lower first",
                "2,2; a single value",
                "NaN,1; lower first",
                "0,1e39; lower first"
            })
    void anythingButARangeIsRefused(String text, String sentence) {
        var refusal = assertThrows(UsageException.class, () -> RangeChoice.parse(text));
        assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
    }

    @Test
    void theRangeFromZeroToOneLeavesInputsAsTheyAre() {
        var file = folder.resolve("x.npy");
        NpyWriter.write(file, Batch.of(Shape.of(2), 0.1f, 0.7f));
        var plain = Inputs.open(file);
        var ranged = InputsSpec.of(file).withRange(RangeChoice.parse("0,1")).open();
        assertArrayEquals(plain.read(0, 1).toArray(), ranged.read(0, 1).toArray());
        assertEquals(Fingerprint.of(plain), Fingerprint.of(ranged));
        assertEquals("", ranged.facts().preparation());
    }

    @Test
    void theSameSharesOfOtherRangesAreOtherInputs() {
        var values = Inputs.of(Batch.of(Shape.of(2), 0, 1));
        var twice = Inputs.of(Batch.of(Shape.of(2), 0, 2), ValueRange.of(0, 2));
        assertArrayEquals(values.read(0, 1).toArray(), twice.read(0, 1).toArray());
        assertNotEquals(Fingerprint.of(values), Fingerprint.of(twice));
    }

    @Test
    void imagesOfARangeAreResizedWithinIt() {
        var file = folder.resolve("x.npy");
        NpyWriter.write(file, Batch.of(Shape.of(1, 2, 2), -1, -1, 1, 1));
        var inputs = InputsSpec.of(file)
                .withRange(RangeChoice.parse("-1,1"))
                .withResizeAndCrop(ResizeAndCrop.square(1))
                .open();
        assertEquals(0.5f, inputs.read(0, 1).get(0, 0));
        assertEquals(ValueRange.of(-1, 1), inputs.facts().range());
    }

    private Path tokens(long... ids) throws IOException {
        var text = "{'descr': '<i8', 'fortran_order': False, 'shape': (1, %d), }\n".formatted(ids.length);
        var bytes = ByteBuffer.allocate(10 + text.length() + 8 * ids.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) text.length())
                .put(text.getBytes(StandardCharsets.US_ASCII));
        for (long id : ids) {
            bytes.putLong(id);
        }
        return Files.write(folder.resolve("tokens.npy"), bytes.array());
    }

    @Test
    void integersOtherThanBytesAreRefusedWithoutARange() throws IOException {
        var file = tokens(0, 1);
        var refusal = assertThrows(DataException.class, () -> Inputs.open(file));
        assertTrue(refusal.getMessage().contains("integers"), refusal.getMessage());
        assertEquals(List.of(Remedy.NAME_RANGE), refusal.refusal().remedies());
    }

    @Test
    void tokenIdsAreReadExactlyOverTheirRange() throws IOException {
        var ids = new long[] {101, 30521, 0, 7592};
        var range = RangeChoice.parse("0,30522");
        var inputs = InputsSpec.of(tokens(ids)).withRange(range).open();
        var row = inputs.read(0, 1);
        inputs.facts().range().fromUnit(row, 0);
        for (int i = 0; i < ids.length; i++) {
            assertEquals(ids[i], Math.round((double) row.get(0, i)));
        }
        var small = InputsSpec.of(tokens(ids)).withRange(RangeChoice.parse("0,1000"));
        assertThrows(DataException.class, small::open);
    }
}
