package stir.backend.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A cursor over the fields of one protobuf message. All methods throw an {@link
 * OnnxFormatException} if the message is truncated or malformed. Source: <a
 * href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers, Encoding</a>.
 */
final class WireReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final ByteBuffer in;
    private int field;
    private int wireType;

    WireReader(ByteBuffer message) {
        this.in = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Advances to the next field, which the caller must then read or skip; returns false at the
     * end.
     */
    boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        long tag = readVarint();
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        if (field < 1 || tag >>> 32 != 0) {
            throw broken();
        }
        return true;
    }

    int field() {
        return field;
    }

    int wireType() {
        return wireType;
    }

    long varint() {
        expect(VARINT);
        return readVarint();
    }

    float float32() {
        expect(FIXED32);
        need(Float.BYTES);
        return in.getFloat();
    }

    /** Returns a view of the field's bytes, in little-endian order. */
    ByteBuffer bytes() {
        expect(BYTES);
        long length = readVarint();
        need(length);
        var bytes = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + (int) length);
        return bytes;
    }

    String text() {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    WireReader message() {
        return new WireReader(bytes());
    }

    /** Adds an entry of a map from strings to strings, which is a message of a key and a value. */
    void entry(Map<String, String> entries) {
        var in = message();
        var key = "";
        var value = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.text();
                case 2 -> value = in.text();
                default -> in.skip();
            }
        }
        entries.put(key, value);
    }

    /** Reads a repeated integer field, packed or not. */
    void varints(LongConsumer each) {
        if (wireType != BYTES) {
            each.accept(varint());
            return;
        }
        var packed = message();
        while (packed.in.hasRemaining()) {
            each.accept(packed.readVarint());
        }
    }

    /** Reads a repeated field of fixed width, packed or not, as its bytes. */
    void fixed(int bytesEach, Consumer<ByteBuffer> each) {
        if (wireType == BYTES) {
            each.accept(bytes());
            return;
        }
        expect(bytesEach == Float.BYTES ? FIXED32 : FIXED64);
        need(bytesEach);
        each.accept(in.slice(in.position(), bytesEach).order(ByteOrder.LITTLE_ENDIAN));
        in.position(in.position() + bytesEach);
    }

    void skip() {
        switch (wireType) {
            case VARINT -> readVarint();
            case FIXED64 -> skip(Long.BYTES);
            case BYTES -> skip(readVarint());
            case FIXED32 -> skip(Integer.BYTES);
            default -> throw broken();
        }
    }

    private void skip(long bytes) {
        need(bytes);
        in.position(in.position() + (int) bytes);
    }

    private long readVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(1);
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw broken();
    }

    private void expect(int expected) {
        if (wireType != expected) {
            throw broken();
        }
    }

    private void need(long bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw broken();
        }
    }

    private static OnnxFormatException broken() {
        return new OnnxFormatException("it is truncated or not an ONNX file");
    }
}
