package stir.core.network.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import stir.api.Device;
import stir.api.Shape;

class PassRowsTest {
    private static final Shape DIGIT = Shape.of(1, 28, 28);
    private static final Shape PHOTO = Shape.of(3, 224, 224);

    private static int rows(Shape shape, int inputs) {
        return CutNetwork.passRows(shape, Device.CPU, inputs);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "5, 5, 6",
        "8, 8, 8",
        "10, 10, 12",
        "33, 36, 36",
        "50, 52, 52",
        "100, 100, 100"
    })
    void fewInputsPayHardlyMoreRowsThanTheyUse(int inputs, int digits, int photos) {
        assertEquals(digits, paid(DIGIT, inputs));
        assertEquals(photos, paid(PHOTO, inputs));
    }

    private static int paid(Shape shape, int inputs) {
        int rows = rows(shape, inputs);
        return (inputs + rows - 1) / rows * rows;
    }

    @Test
    void aWorkerHoldsOnePassOfPhotosAndItsShareOfABatchOfDigits() {
        assertEquals(4, CutNetwork.share(PHOTO, Device.CPU, 4, 100, 2));
        assertEquals(50, CutNetwork.share(DIGIT, Device.CPU, 25, 100, 2));
        assertEquals(100, CutNetwork.share(DIGIT, Device.CPU, 25, 100, 1));
    }

    @Test
    void severalThreadsShareAFewInputs() {
        assertEquals(8, rows(DIGIT, 16));
        assertEquals(7, rows(DIGIT, 20));
    }

    @Test
    void aPassOfManyInputsHasTheSameRowsAsBefore() {
        for (int inputs : new int[] {100, 200, 500, 10_000}) {
            assertEquals(25, rows(DIGIT, inputs));
            assertEquals(4, rows(PHOTO, inputs));
        }
        var gpu = new Device(Device.Kind.CUDA, 0);
        assertEquals(100, CutNetwork.passRows(DIGIT, gpu, 1000));
        assertTrue(CutNetwork.passRows(DIGIT, gpu, 20) == 20, "a GPU is busy with many rows");
    }
}
