package stir.api.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;

class WholeNumbersTest {
    private static Batch batch(float... values) {
        return Batch.of(Shape.of(values.length), values);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 200, false",
        "1, -128, true",
        "2, 65535, false",
        "2, -32768, true",
        "4, 16777216, true",
        "8, -16777216, true"
    })
    void numbersKeepTheirBitsInEachWidth(int width, float value, boolean signed) {
        var bytes = WholeNumbers.of(batch(0, value), width, signed);
        assertEquals(2 * width, bytes.remaining());
        long expected = (long) value;
        for (int i = 0; i < width; i++) {
            int at = bytes.order() == ByteOrder.BIG_ENDIAN ? width - 1 - i : i;
            assertEquals((byte) (expected >> (8 * i)), bytes.get(width + at));
            assertEquals(0, bytes.get(at));
        }
    }

    @Test
    void numbersAreRounded() {
        var bytes = WholeNumbers.of(batch(1.9999f, 3.0001f, -1.6f), 1, true);
        assertEquals(2, bytes.get(0));
        assertEquals(3, bytes.get(1));
        assertEquals(-2, bytes.get(2));
    }

    @Test
    void rowsFollowOneAnotherInDirectMemory() {
        var rows = Batch.allocate(3, Shape.of(2));
        for (int i = 0; i < 6; i++) {
            rows.buffer().put(i, i);
        }
        var bytes = WholeNumbers.of(rows.slice(1, 3), 1, false);
        assertTrue(bytes.isDirect());
        assertEquals(4, bytes.remaining());
        for (int i = 0; i < 4; i++) {
            assertEquals(i + 2, bytes.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 256, false",
        "1, -1, false",
        "1, 128, true",
        "1, -129, true",
        "2, 65536, false",
        "2, 40000, true",
        "2, -32769, true"
    })
    void numbersThatDoNotFitAreRefusedRatherThanWrapped(int width, float value, boolean signed) {
        var numbers = batch(value);
        var refusal = assertThrows(UsageException.class, () -> WholeNumbers.of(numbers, width, signed));
        assertTrue(refusal.getMessage().contains(Long.toString((long) value)));
    }
}
