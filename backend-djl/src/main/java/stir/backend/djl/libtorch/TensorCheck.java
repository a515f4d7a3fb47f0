package stir.backend.djl.libtorch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of tensors with the records of their values. libtorch does not compare them: it
 * takes the number of values, sizes, strides and offset as written, and computes with whatever
 * memory they address.
 *
 * @param folder the prefix of the records' names
 * @param records the sizes of the archive's records in bytes, by their names
 */
public record TensorCheck(String folder, Map<String, Long> records) {
    /** The maximum number of elements of a view that repeats its storage's values. */
    private static final long MAX_REPEATED = 1L << 28;

    /** Returns the fault of a tensor, as part of a sentence; null if there is none. */
    public @Nullable String fault(Pickle.TensorView tensor) {
        var storage = tensor.storage();
        var record = folder + storage.key();
        var type = storage.type();
        int bytes = bytes(type);
        if (bytes == 0) {
            return "a tensor's values are of the unknown type " + type;
        }
        try {
            long needed = Math.multiplyExact(storage.elements(), bytes);
            var stored = needed == 0 ? Long.valueOf(0) : records.get(record);
            if (stored == null) {
                return "its part %s is missing".formatted(record);
            }
            if (stored != needed) {
                return "its part %s has %d bytes instead of %d".formatted(record, stored, needed);
            }
            return isWithin(tensor)
                    ? null
                    : "a tensor of sizes %s, strides %s and offset %d is not within the %d values of its part %s"
                            .formatted(tensor.sizes(), tensor.strides(), tensor.offset(), storage.elements(), record);
        } catch (ArithmeticException e) {
            return "a tensor of its part %s is too large to exist".formatted(record);
        }
    }

    /** Returns the size of a storage's elements; 0 for an unknown type. */
    public static int bytes(String type) {
        return switch (type) {
            case "torch.BoolStorage", "torch.ByteStorage", "torch.CharStorage" -> 1;
            case "torch.ShortStorage", "torch.HalfStorage", "torch.BFloat16Storage" -> 2;
            case "torch.IntStorage", "torch.FloatStorage", "torch.ComplexHalfStorage" -> 4;
            case "torch.LongStorage", "torch.DoubleStorage", "torch.ComplexFloatStorage" -> 8;
            case "torch.ComplexDoubleStorage" -> 16;
            default -> 0;
        };
    }

    private static boolean isWithin(Pickle.TensorView tensor) {
        if (tensor.offset() < 0 || tensor.sizes().size() != tensor.strides().size()) {
            return false;
        }
        long elements = 1;
        long last = tensor.offset();
        boolean empty = false;
        for (int i = 0; i < tensor.sizes().size(); i++) {
            long size = tensor.sizes().get(i);
            long stride = tensor.strides().get(i);
            if (size < 0 || stride < 0) {
                return false;
            }
            empty |= size == 0;
            elements = Math.multiplyExact(elements, Math.max(size, 1));
            last = Math.addExact(last, Math.multiplyExact(Math.max(size - 1, 0), stride));
        }
        long available = tensor.storage().elements();
        return empty ? tensor.offset() <= available : last < available && elements <= Math.max(available, MAX_REPEATED);
    }
}
