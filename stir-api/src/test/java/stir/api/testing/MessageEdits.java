package stir.api.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Edits of a Protocol Buffers message of unknown type: every field that can be parsed as a message
 * is treated as one and written back with its new length.
 */
final class MessageEdits {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;
    private static final int DEEPEST = 40;
    private static final int ABSURDLY_DEEP = 20_000;
    private static final int MOST_EDITS = 3;

    private final List<Field> fields;
    private final List<Field> all = new ArrayList<>();
    private final List<List<Field>> messages = new ArrayList<>();
    private final List<byte[]> texts = new ArrayList<>();

    /** A field: a number, bytes, or a message if {@code parts} is set. */
    private static final class Field {
        private final int number;
        private final int wireType;
        private long value;
        private byte[] bytes = {};
        private List<Field> parts = List.of();
        private boolean isMessage;

        Field(int number, int wireType) {
            this.number = number;
            this.wireType = wireType;
        }

        /**
         * Collects the messages with all their parts, including the one that a copy is put into.
         */
        Field copy() {
            var copy = new Field(number, wireType);
            copy.value = value;
            copy.bytes = bytes;
            copy.parts = new ArrayList<>(parts.stream().map(Field::copy).toList());
            copy.isMessage = isMessage;
            return copy;
        }
    }

    MessageEdits(byte[] message) {
        var read = read(message, 0);
        fields = read == null ? new ArrayList<>() : read;
        collect(fields);
    }

    private void collect(List<Field> message) {
        messages.add(message);
        for (Field field : message) {
            all.add(field);
            if (field.isMessage) {
                collect(field.parts);
            } else if (field.wireType == BYTES && isText(field.bytes)) {
                texts.add(field.bytes);
            }
        }
    }

    private static boolean isText(byte[] bytes) {
        for (byte b : bytes) {
            if (b < ' ' || b == 127) {
                return false;
            }
        }
        return bytes.length > 0;
    }

    /** Returns a copy with one to three edits. */
    byte[] apply(Random random) {
        if (all.isEmpty()) {
            return Mutants.blind(write(fields), random);
        }
        for (int i = random.nextInt(MOST_EDITS); i >= 0; i--) {
            edit(random);
        }
        return write(fields);
    }

    /** Returns a copy with one to three of its texts exchanged, known words for known words. */
    byte[] exchange(List<String> words, Random random) {
        var known = all.stream().filter(field -> words.contains(text(field))).toList();
        for (int i = random.nextInt(MOST_EDITS); i >= 0 && !known.isEmpty(); i--) {
            var field = Mutants.any(known, random);
            field.bytes = Mutants.anyLike(text(field), words, random).getBytes(StandardCharsets.UTF_8);
        }
        return write(fields);
    }

    private static String text(Field field) {
        return field.isMessage ? "" : new String(field.bytes, StandardCharsets.UTF_8);
    }

    private void edit(Random random) {
        var message = Mutants.any(messages, random);
        var field = Mutants.any(all, random);
        switch (random.nextInt(9)) {
            case 0 -> drop(message, random);
            case 1 -> repeat(message, random);
            case 2 -> Collections.shuffle(message, random);
            case 3, 4 -> field.value = Mutants.extreme(random); // no effect unless it is a number
            case 5, 6 -> {
                if (!texts.isEmpty()) {
                    rename(random);
                }
            }
            case 7 -> {
                if (field.wireType == BYTES && !field.isMessage) {
                    field.bytes = Mutants.blind(field.bytes, random);
                }
            }
            default -> {
                if (random.nextInt(10) == 0) {
                    bury(field);
                } else {
                    move(message, random);
                }
            }
        }
    }

    private static void drop(List<Field> message, Random random) {
        if (!message.isEmpty()) {
            message.remove(random.nextInt(message.size()));
        }
    }

    private static void repeat(List<Field> message, Random random) {
        if (!message.isEmpty()) {
            message.add(Mutants.any(message, random).copy());
        }
    }

    /** Copies the name of one element to another, which may make a function call itself. */
    private void rename(Random random) {
        var named = all.stream().filter(field -> texts.contains(field.bytes)).toList();
        if (!named.isEmpty()) {
            Mutants.any(named, random).bytes = Mutants.any(texts, random);
        }
    }

    /** Copies a field to another place. */
    private void move(List<Field> message, Random random) {
        message.add(random.nextInt(message.size() + 1), Mutants.any(all, random).copy());
    }

    /** Nests a field in itself repeatedly. */
    private static void bury(Field field) {
        if (field.wireType != BYTES) {
            return;
        }
        var bytes = field.isMessage ? write(field.parts) : field.bytes;
        var heads = new ArrayList<byte[]>();
        int size = bytes.length;
        for (int i = 0; i < ABSURDLY_DEEP; i++) {
            var head = new ByteArrayOutputStream();
            writeNumber(head, ((long) field.number << 3) | BYTES);
            writeNumber(head, size);
            heads.add(head.toByteArray());
            size += head.size();
        }
        var nested = new ByteArrayOutputStream();
        for (int i = heads.size() - 1; i >= 0; i--) {
            nested.writeBytes(heads.get(i));
        }
        nested.writeBytes(bytes);
        field.isMessage = false;
        field.bytes = nested.toByteArray();
    }

    /** Returns the fields of a message, or null if the bytes are not one. */
    private static @Nullable List<Field> read(byte[] bytes, int depth) {
        var fields = new ArrayList<Field>();
        var reader = new Reader(bytes);
        while (reader.position < bytes.length) {
            long tag = reader.number();
            int wireType = (int) (tag & 7);
            if (reader.failed || tag >>> 3 == 0 || tag >>> 3 > 1 << 20) {
                return null;
            }
            var field = new Field((int) (tag >>> 3), wireType);
            switch (wireType) {
                case VARINT -> field.value = reader.number();
                case FIXED_64 -> field.value = reader.fixed(8);
                case FIXED_32 -> field.value = reader.fixed(4);
                case BYTES -> field.bytes = reader.bytes(reader.number());
                default -> reader.failed = true;
            }
            if (reader.failed) {
                return null;
            }
            if (wireType == BYTES && depth < DEEPEST && field.bytes.length > 1) {
                var parts = isName(field.bytes) ? null : read(field.bytes, depth + 1);
                if (parts != null) {
                    field.parts = parts;
                    field.isMessage = true;
                }
            }
            fields.add(field);
        }
        return fields;
    }

    /** Returns whether bytes are a name, which might also parse as a message. */
    private static boolean isName(byte[] bytes) {
        return isText(bytes) && new String(bytes, StandardCharsets.ISO_8859_1).matches("[\\w/.:^@-]+");
    }

    private static byte[] write(List<Field> fields) {
        var out = new ByteArrayOutputStream();
        for (Field field : fields) {
            writeNumber(out, ((long) field.number << 3) | field.wireType);
            switch (field.wireType) {
                case VARINT -> writeNumber(out, field.value);
                case FIXED_64 -> writeFixed(out, field.value, 8);
                case FIXED_32 -> writeFixed(out, field.value, 4);
                default -> {
                    var bytes = field.isMessage ? write(field.parts) : field.bytes;
                    writeNumber(out, bytes.length);
                    out.writeBytes(bytes);
                }
            }
        }
        return out.toByteArray();
    }

    private static void writeNumber(ByteArrayOutputStream out, long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static void writeFixed(ByteArrayOutputStream out, long number, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (number >>> (8 * i)));
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private int position;
        private boolean failed;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        long number() {
            long number = 0;
            for (int shift = 0; shift < 64 && position < bytes.length; shift += 7) {
                byte b = bytes[position++];
                number |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return number;
                }
            }
            failed = true;
            return 0;
        }

        long fixed(int size) {
            long number = 0;
            var part = bytes(size);
            for (int i = 0; i < part.length; i++) {
                number |= (part[i] & 0xffL) << (8 * i);
            }
            return number;
        }

        byte[] bytes(long size) {
            if (size < 0 || size > bytes.length - position) {
                failed = true;
                return new byte[0];
            }
            var part = new byte[(int) size];
            System.arraycopy(bytes, position, part, 0, part.length);
            position += part.length;
            return part;
        }
    }
}
