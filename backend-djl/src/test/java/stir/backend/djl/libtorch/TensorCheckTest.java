package stir.backend.djl.libtorch;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tensors that lie within their record of 48 bytes (12 floats), and tensors that do not. */
class TensorCheckTest {
    private final TensorCheck check = new TensorCheck("data/", Map.of("data/0", 48L));

    private static List<Long> numbers(String text) {
        return text.isBlank()
                ? List.of()
                : Arrays.stream(text.split(" ")).map(Long::valueOf).toList();
    }

    private static Pickle.TensorView tensor(String type, long elements, long offset, String sizes, String strides) {
        return new Pickle.TensorView(
                new Pickle.Storage("torch." + type, "0", elements), offset, numbers(sizes), numbers(strides));
    }

    @ParameterizedTest
    @CsvSource({
        "FloatStorage, 12, 0, 3 4, 4 1",
        "FloatStorage, 12, 0, 4 3, 1 4", // transposed
        "FloatStorage, 12, 6, 2 3, 3 1", // part of a shared storage
        "FloatStorage, 12, 11, '', ''", // a single number
        "FloatStorage, 12, 3, 5 4, 0 1", // one repeated row
        "FloatStorage, 12, 12, 0 4, 4 1", // empty
        "HalfStorage, 24, 0, 24, 1",
        "LongStorage, 6, 0, 2 3, 3 1",
        "BoolStorage, 48, 47, 1, 1",
        "FloatStorage, 0, 0, 0, 1"
    })
    void within(String type, long elements, long offset, String sizes, String strides) {
        assertNull(check.fault(tensor(type, elements, offset, sizes, strides)));
    }

    @ParameterizedTest
    @CsvSource({
        "FloatStorage, 24, 0, 3 4, 4 1", // the record has half the length
        "FloatStorage, 11, 0, 11, 1", // the record is longer
        "DoubleStorage, 12, 0, 12, 1",
        "FloatStorage, 12, 0, 4 4, 4 1",
        "FloatStorage, 12, 1, 3 4, 4 1",
        "FloatStorage, 12, 0, 3 4, 5 1",
        "FloatStorage, 12, -1, 2, 1",
        "FloatStorage, 12, 13, 0, 1",
        "FloatStorage, 12, 11, 3, -4",
        "FloatStorage, 12, 0, -3 -4, 4 1",
        "FloatStorage, 12, 0, 3 4, 4",
        "FloatStorage, 12, 0, 4294967296 4294967296, 0 0",
        "FloatStorage, 12, 0, 3, 9223372036854775807",
        "FloatStorage, 12, 9223372036854775807, 2, 1",
        "FloatStorage, 12, 0, 1000000000000, 0",
        "FloatStorage, -12, 0, 0, 1",
        "FloatStorage, 4611686018427387916, 0, 12, 1", // 4 times this overflows to 48
        "QInt8Storage, 48, 0, 48, 1",
        "SparseStorage, 12, 0, 12, 1"
    })
    void without(String type, long elements, long offset, String sizes, String strides) {
        assertNotNull(check.fault(tensor(type, elements, offset, sizes, strides)));
    }

    @Test
    void aMissingRecordIsNamed() {
        var fault = new TensorCheck("constants/", Map.of()).fault(tensor("ByteStorage", 1, 0, "1", "1"));
        assertTrue(fault != null && fault.contains("constants/0 is missing"), fault);
    }
}
