package stir.backend.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Consumer;

/** A writer of protobuf fields into memory, which grows up to 2 GB. Methods return this writer. */
final class WireWriter {
    private static final int FIRST_CAPACITY = 256;
    private static final int MAX_VARINT_BYTES = 10;

    private ByteBuffer out = allocate(FIRST_CAPACITY);

    private static ByteBuffer allocate(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    WireWriter varint(int field, long value) {
        tag(field, WireReader.VARINT);
        return raw(value);
    }

    WireWriter float32(int field, float value) {
        tag(field, WireReader.FIXED32);
        ensureRoom(Float.BYTES);
        out.putFloat(value);
        return this;
    }

    WireWriter bytes(int field, ByteBuffer bytes) {
        tag(field, WireReader.BYTES);
        raw(bytes.remaining());
        ensureRoom(bytes.remaining());
        out.put(bytes.duplicate());
        return this;
    }

    WireWriter text(int field, String text) {
        return bytes(field, StandardCharsets.UTF_8.encode(text));
    }

    /**
     * Writes a string unless it is empty, since readers take a missing field as an empty string.
     */
    WireWriter optionalText(int field, String text) {
        return text.isEmpty() ? this : text(field, text);
    }

    WireWriter texts(int field, Collection<String> texts) {
        texts.forEach(text -> text(field, text));
        return this;
    }

    WireWriter message(int field, Consumer<WireWriter> content) {
        var message = new WireWriter();
        content.accept(message);
        return bytes(field, message.written());
    }

    /** Returns a view of the bytes written so far. */
    ByteBuffer written() {
        return out.duplicate().flip();
    }

    byte[] toByteArray() {
        var bytes = new byte[out.position()];
        written().get(bytes);
        return bytes;
    }

    private void tag(int field, int wireType) {
        raw((long) field << 3 | wireType);
    }

    private WireWriter raw(long varint) {
        ensureRoom(MAX_VARINT_BYTES);
        long rest = varint;
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
        return this;
    }

    private void ensureRoom(int bytes) {
        if (out.remaining() < bytes) {
            long needed = (long) out.position() + bytes;
            if (needed > Integer.MAX_VALUE - 8) {
                throw new OnnxFormatException("its weights are over 2 GB: export it with external data");
            }
            int capacity = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * out.capacity()));
            out = allocate(capacity).put(out.flip());
        }
    }
}
