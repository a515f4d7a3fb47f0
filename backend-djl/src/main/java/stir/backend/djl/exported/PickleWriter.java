package stir.backend.djl.exported;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A writer of the pickled attributes of a TorchScript module whose attributes are tensors. */
final class PickleWriter {
    private static final int PROTOCOL = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Begins a module. */
    PickleWriter(String module, String name) {
        out.write(0x80);
        out.write(PROTOCOL);
        global(module, name);
        out.writeBytes(new byte[] {')', (byte) 0x81, '}', '('}); // a new object, its attributes
        text("training");
        out.write(0x89); // false
        text("_is_full_backward_hook");
        out.write('N');
    }

    /**
     * Adds a tensor.
     *
     * @param record the name of the record with its values
     */
    void add(String name, String record, StoredTensor tensor) {
        text(name);
        global("torch._utils", "_rebuild_tensor_v2");
        out.write('(');
        out.write('(');
        text("storage");
        int dot = tensor.type().lastIndexOf('.');
        global(tensor.type().substring(0, dot), tensor.type().substring(dot + 1));
        text(record);
        text("cpu");
        integer(tensor.elements());
        out.writeBytes(new byte[] {'t', 'Q'});
        integer(tensor.offset());
        tuple(tensor.sizes());
        tuple(tensor.strides());
        out.write(0x89); // no gradient
        global("collections", "OrderedDict");
        out.writeBytes(new byte[] {')', 'R', 't', 'R'});
    }

    /** Ends the module and returns the pickle. */
    byte[] end() {
        out.writeBytes(new byte[] {'u', 'b', '.'});
        return out.toByteArray();
    }

    private void global(String module, String name) {
        out.writeBytes("c%s\n%s\n".formatted(module, name).getBytes(StandardCharsets.UTF_8));
    }

    private void text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        number(Integer.BYTES, bytes.length);
        out.writeBytes(bytes);
    }

    private void integer(long value) {
        out.write(0x8a); // a long integer
        out.write(Long.BYTES);
        number(Long.BYTES, value);
    }

    private void number(int bytes, long value) {
        var all = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        out.write(all.array(), 0, bytes);
    }

    private void tuple(List<Long> values) {
        out.write('(');
        values.forEach(this::integer);
        out.write('t');
    }
}
