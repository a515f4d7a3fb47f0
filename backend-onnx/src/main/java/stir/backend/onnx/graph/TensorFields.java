package stir.backend.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one tensor message, which stores the elements either as raw bytes, in a field of
 * their type, or in an external file.
 */
final class TensorFields {
    private static final int EXTERNAL = 1;

    private String name = "";
    private long type;
    private long location;
    private final List<Long> dims = new ArrayList<>();
    private @Nullable ByteBuffer raw;
    private final List<Long> integers = new ArrayList<>();
    private final List<ByteBuffer> fixedWidth = new ArrayList<>();
    private final Map<String, String> external = new HashMap<>();

    void read(WireReader in) {
        switch (in.field()) {
            case 1 -> in.varints(dims::add);
            case 2 -> type = in.varint();
            case 4 -> in.fixed(Float.BYTES, fixedWidth::add);
            case 5, 7, 11 -> in.varints(integers::add);
            case 8 -> name = in.text();
            case 9 -> raw = in.bytes();
            case 10 -> in.fixed(Double.BYTES, fixedWidth::add);
            case 13 -> in.entry(external);
            case 14 -> location = in.varint();
            default -> in.skip();
        }
    }

    String name() {
        return name;
    }

    Tensor toTensor() {
        var element = ElementType.of(type)
                .orElseThrow(
                        () -> new OnnxFormatException("the tensor '%s' has the unknown type %d".formatted(name, type)));
        if (dims.stream().anyMatch(dim -> dim < 0 || dim > Integer.MAX_VALUE)) {
            throw new OnnxFormatException("the tensor '%s' has the dimensions %s".formatted(name, dims));
        }
        var tensorType = new TensorType(element, dims, true);
        if (location == EXTERNAL) {
            return Tensor.external(tensorType, externalData(tensorType));
        }
        try {
            return Tensor.of(tensorType, elements(element));
        } catch (OnnxFormatException | ArithmeticException e) {
            throw new OnnxFormatException("the tensor '" + name + "' is incomplete");
        }
    }

    private ExternalData externalData(TensorType tensorType) {
        try {
            long elements = tensorType.dims().stream().reduce(1L, Math::multiplyExact);
            long expected = tensorType.type().bytes(elements);
            long length = Long.parseLong(external.getOrDefault("length", Long.toString(expected)));
            long offset = Long.parseLong(external.getOrDefault("offset", "0"));
            if (length == expected && offset >= 0) {
                return new ExternalData(external.getOrDefault("location", ""), offset, length);
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // the exception below reports it
        }
        throw new OnnxFormatException("the location of the external tensor '" + name + "' is invalid");
    }

    private ByteBuffer elements(ElementType element) {
        if (raw != null) {
            return raw;
        }
        if (element == ElementType.STRING) {
            return ByteBuffer.allocate(0); // no gradient depends on strings
        }
        if (!fixedWidth.isEmpty()) {
            var joined =
                    allocate(fixedWidth.stream().mapToInt(ByteBuffer::remaining).sum());
            fixedWidth.forEach(joined::put);
            return joined.flip();
        }
        int width = (int) element.bytes(1);
        var bytes = allocate(width * integers.size());
        for (long value : integers) {
            for (int i = 0; i < width; i++) {
                bytes.put((byte) (value >>> (8 * i)));
            }
        }
        return bytes.flip();
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
