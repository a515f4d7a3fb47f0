package stir.backend.djl.exported;

import java.util.Arrays;
import java.util.Optional;

/** The types of values in programs, by the numbers of {@code torch/_export/serde/schema.py}. */
enum DataType {
    UINT8(1, 0, "torch.ByteStorage"),
    INT8(2, 1, "torch.CharStorage"),
    INT16(3, 2, "torch.ShortStorage"),
    INT32(4, 3, "torch.IntStorage"),
    INT64(5, 4, "torch.LongStorage"),
    FLOAT16(6, 5, "torch.HalfStorage"),
    FLOAT32(7, 6, "torch.FloatStorage"),
    FLOAT64(8, 7, "torch.DoubleStorage"),
    /** A type of arguments alone: no stored tensor has it. */
    COMPLEX32(9, 8, ""),
    COMPLEX64(10, 9, "torch.ComplexFloatStorage"),
    COMPLEX128(11, 10, "torch.ComplexDoubleStorage"),
    BOOL(12, 11, "torch.BoolStorage"),
    BFLOAT16(13, 15, "torch.BFloat16Storage");

    private final long number;
    private final int ofLibtorch;
    private final String storage;

    DataType(long number, int ofLibtorch, String storage) {
        this.number = number;
        this.ofLibtorch = ofLibtorch;
        this.storage = storage;
    }

    /** Returns the type of a number; empty if there is none. */
    static Optional<DataType> of(long number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }

    /** Returns the number that libtorch gives the type. */
    int ofLibtorch() {
        return ofLibtorch;
    }

    /** Returns the class of storages of the type, as pickles name it; empty if there is none. */
    Optional<String> storage() {
        return Optional.of(storage).filter(name -> !name.isEmpty());
    }
}
