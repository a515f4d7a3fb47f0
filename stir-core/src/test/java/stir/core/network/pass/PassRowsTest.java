package stir.core.network.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Device;
import stir.api.Shape;
import stir.core.runtime.machine.GpuMemory;

class PassRowsTest {
    private static final Shape DIGIT = Shape.of(1, 28, 28);
    private static final Shape PHOTO = Shape.of(3, 224, 224);

    private static int rows(Shape shape, int inputs) {
        return CutNetwork.passRows(shape, Device.CPU, inputs, 100);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "5, 5, 6", "8, 8, 8", "10, 10, 12", "33, 36, 36", "50, 52, 52", "100, 100, 100"})
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
        assertEquals(100, onGpu(DIGIT, 1000, 100));
        assertTrue(onGpu(DIGIT, 20, 100) == 20, "a GPU is busy with many rows");
    }

    private static int onGpu(Shape shape, int inputs, int batchSize) {
        return CutNetwork.passRows(shape, new Device(Device.Kind.CUDA, 0), inputs, batchSize);
    }

    @Test
    void severalThreadsKeepAGpuBusyWithPhotos() {
        assertEquals(17, onGpu(PHOTO, 100, 100));
        assertEquals(17, onGpu(PHOTO, 1000, 100));
        assertEquals(7, onGpu(PHOTO, 20, 100));
    }

    @Test
    void aPassOnAGpuShrinksWithTheBatch() {
        assertEquals(4, onGpu(PHOTO, 1000, 4));
        assertEquals(1, onGpu(PHOTO, 1000, 1));
        assertEquals(25, CutNetwork.passRows(DIGIT, Device.CPU, 1000, 4), "as always on the CPU");
    }

    @Test
    void workersFitTheMemoryOfAGpu() {
        var memory = OptionalLong.of(10L << 30);
        assertEquals(8, CutNetwork.fitting(16, 1L << 30, memory));
        assertEquals(1, CutNetwork.fitting(16, 20L << 30, memory), "one is tried anyway");
        assertEquals(16, CutNetwork.fitting(16, 1L << 30, OptionalLong.empty()));
        assertEquals(16, CutNetwork.fitting(16, 0, memory));
    }

    @Test
    void theSmallestGpuCounts() {
        var gpu = """
                GPU 0
                    FB Memory Usage
                        Total    : %d MiB
                        Used     : 1 MiB
                    BAR1 Memory Usage
                        Total    : 256 MiB
                """;
        assertEquals(
                OptionalLong.of(16L << 30),
                GpuMemory.bytes(List.of("printf", gpu.formatted(81920) + gpu.formatted(16384))));
        assertEquals(OptionalLong.empty(), GpuMemory.bytes(List.of("no-such-program")));
    }
}
