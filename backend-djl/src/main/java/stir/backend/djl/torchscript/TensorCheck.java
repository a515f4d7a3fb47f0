package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Compares tensors with the records that hold their values. libtorch does not: it takes the number
 * of values, sizes, strides and offset as they are written, and computes with whatever memory they
 * lead to.
 */
final class TensorCheck {
    private static final String PACKAGE = "torch.";
    private static final Map<String, Integer> BYTES =
            Map.ofEntries(
                    Map.entry("BoolStorage", 1),
                    Map.entry("ByteStorage", 1),
                    Map.entry("CharStorage", 1),
                    Map.entry("ShortStorage", 2),
                    Map.entry("HalfStorage", 2),
                    Map.entry("BFloat16Storage", 2),
                    Map.entry("IntStorage", 4),
                    Map.entry("FloatStorage", 4),
                    Map.entry("ComplexHalfStorage", 4),
                    Map.entry("LongStorage", 8),
                    Map.entry("DoubleStorage", 8),
                    Map.entry("ComplexFloatStorage", 8),
                    Map.entry("ComplexDoubleStorage", 16));

    /** Of a view that repeats its storage's values, which any size can be written of. */
    private static final long MOST_REPEATED = 1L << 28;

    private final String folder;
    private final Map<String, Long> records;

    /**
     * Creates a check of one pickle's tensors.
     *
     * @param folder what the records' names start with
     * @param records the sizes of the archive's records in bytes, by their names
     */
    TensorCheck(String folder, Map<String, Long> records) {
        this.folder = folder;
        this.records = records;
    }

    /** What is wrong with a tensor, as the inside of a sentence; null if nothing is. */
    @Nullable String fault(Pickle.Tensor tensor) {
        var storage = tensor.storage();
        var record = folder + storage.key();
        var type = storage.type();
        var bytes = type.startsWith(PACKAGE) ? BYTES.get(type.substring(PACKAGE.length())) : null;
        if (bytes == null) {
            return "a tensor's values are of the unknown type " + type;
        }
        try {
            long needed = Math.multiplyExact(storage.elements(), bytes.longValue());
            var held = needed == 0 ? Long.valueOf(0) : records.get(record);
            if (held == null) {
                return "its part %s is missing".formatted(record);
            }
            if (held != needed) {
                return "its part %s has %d bytes, but %d are said to be in it"
                        .formatted(record, held, needed);
            }
            return isWithin(tensor)
                    ? null
                    : "a tensor of sizes %s, strides %s and offset %d is not within the %d values of its part %s"
                            .formatted(
                                    tensor.sizes(),
                                    tensor.strides(),
                                    tensor.offset(),
                                    storage.elements(),
                                    record);
        } catch (ArithmeticException e) {
            return "a tensor of its part %s is too large to exist".formatted(record);
        }
    }

    private static boolean isWithin(Pickle.Tensor tensor) {
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
        long stored = tensor.storage().elements();
        return empty
                ? tensor.offset() <= stored
                : last < stored && elements <= Math.max(stored, MOST_REPEATED);
    }
}
