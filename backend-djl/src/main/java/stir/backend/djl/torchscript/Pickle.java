package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what PyTorch pickles into an archive, as far as objects, containers, numbers, texts and the
 * sizes of tensors go. Runs nothing that the pickle names. The opcodes are those of protocol 2 that
 * PyTorch's pickler writes (torch/csrc/jit/serialization/pickler.h).
 */
final class Pickle {
    /** An object of a module's class with its attributes. */
    record Instance(String type, Map<Object, Object> attributes) {
        /** The attribute's object, or null if there is none of that name. */
        @Nullable Instance instance(String name) {
            return attributes.get(name) instanceof Instance instance ? instance : null;
        }
    }

    /** A tensor; its values are in another record of the archive. */
    record Tensor(List<Long> sizes) {}

    /** A class or function that is named. */
    private record Global(String name) {}

    /** Stands for {@code None} and for what is of no interest. */
    private static final Object NOTHING = new Object();

    private final ByteBuffer bytes;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private Pickle(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a pickle.
     *
     * @return an {@link Instance}, a {@link Tensor}, a {@code List}, a {@code Map}, a {@code
     *     String}, a {@code Long}, a {@code Double}, a {@code Boolean} or something unknown
     * @throws SourceException if it is not such a pickle
     */
    static Object read(byte[] bytes) {
        try {
            return new Pickle(bytes).run();
        } catch (RuntimeException e) { // whatever a broken pickle makes of the stack or the buffer
            var failure = new SourceException("The pickle is broken: " + e);
            failure.initCause(e);
            throw failure;
        }
    }

    private Object run() {
        while (true) {
            int opcode = Byte.toUnsignedInt(bytes.get());
            switch (opcode) {
                case 0x80 -> bytes.get(); // the protocol
                case 'c' -> stack.push(new Global(line() + "." + line()));
                case '(' -> marks.push(stack.size());
                case ')' -> stack.push(List.of());
                case '}' -> stack.push(new LinkedHashMap<>());
                case ']' -> stack.push(new ArrayList<>());
                case 'X' -> stack.push(text(bytes.getInt()));
                case 'q' -> memo.put(Byte.toUnsignedInt(bytes.get()), stack.getFirst());
                case 'r' -> memo.put(bytes.getInt(), stack.getFirst());
                case 'h' -> stack.push(remembered(Byte.toUnsignedInt(bytes.get())));
                case 'j' -> stack.push(remembered(bytes.getInt()));
                case 0x88 -> stack.push(true);
                case 0x89 -> stack.push(false);
                case 'N' -> stack.push(NOTHING);
                case 'K' -> stack.push((long) Byte.toUnsignedInt(bytes.get()));
                case 'M' -> stack.push((long) Short.toUnsignedInt(bytes.getShort()));
                case 'J' -> stack.push((long) bytes.getInt());
                case 0x8a -> stack.push(longNumber());
                case 'G' -> stack.push(bigEndianDouble());
                case 't' -> stack.push(List.copyOf(sinceMark()));
                case 0x85 -> stack.push(List.of(stack.pop()));
                case 0x86 -> pushTuple(2);
                case 0x87 -> pushTuple(3);
                case 'Q' -> {
                    stack.pop();
                    stack.push(NOTHING);
                }
                case 'R' -> reduce();
                case 0x81 -> {
                    stack.pop();
                    stack.push(new Instance(((Global) stack.pop()).name(), new LinkedHashMap<>()));
                }
                case 'b' -> build();
                case 'u' -> setItems(sinceMark());
                case 's' -> {
                    var value = stack.pop();
                    setItems(List.of(stack.pop(), value));
                }
                case 'e' -> append(sinceMark());
                case 'a' -> append(List.of(stack.pop()));
                case '.' -> {
                    return stack.pop();
                }
                default -> throw new IllegalStateException("unknown opcode " + opcode);
            }
        }
    }

    private String line() {
        int start = bytes.position();
        int end = start;
        while (bytes.get(end) != '\n') {
            end++;
        }
        bytes.position(end + 1);
        return new String(bytes.array(), start, end - start, StandardCharsets.UTF_8);
    }

    private String text(int length) {
        var text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private Object remembered(int index) {
        var found = memo.get(index);
        if (found == null) {
            throw new IllegalStateException("nothing is remembered as " + index);
        }
        return found;
    }

    private long longNumber() {
        var digits = new byte[Byte.toUnsignedInt(bytes.get())];
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = bytes.get();
        }
        return digits.length == 0 ? 0 : new BigInteger(digits).longValue();
    }

    private double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
    }

    private void pushTuple(int size) {
        var items = new Object[size];
        for (int i = size - 1; i >= 0; i--) {
            items[i] = stack.pop();
        }
        stack.push(List.of(items));
    }

    private List<Object> sinceMark() {
        int size = stack.size() - marks.pop();
        var items = new ArrayList<Object>(size);
        for (int i = 0; i < size; i++) {
            items.add(0, stack.pop());
        }
        return items;
    }

    /** Calls of functions: a tensor is rebuilt; of typed containers the content is kept. */
    private void reduce() {
        var arguments = (List<?>) stack.pop();
        var function = ((Global) stack.pop()).name();
        if (function.startsWith("torch._utils._rebuild_tensor")) {
            var sizes = new ArrayList<Long>();
            ((List<?>) arguments.get(2)).forEach(size -> sizes.add((Long) size));
            stack.push(new Tensor(sizes));
        } else if (function.equals("torch.jit._pickle.restore_type_tag")) {
            stack.push(arguments.get(0));
        } else {
            stack.push(NOTHING);
        }
    }

    private void build() {
        var state = stack.pop();
        if (stack.getFirst() instanceof Instance instance && state instanceof Map<?, ?> map) {
            instance.attributes().putAll(map);
        }
    }

    @SuppressWarnings("unchecked") // a map below the mark is one that this reader made
    private void setItems(List<Object> items) {
        if (stack.getFirst() instanceof Map<?, ?> map) {
            for (int i = 0; i + 1 < items.size(); i += 2) {
                ((Map<Object, Object>) map).put(items.get(i), items.get(i + 1));
            }
        }
    }

    @SuppressWarnings("unchecked") // a list below the mark is one that this reader made
    private void append(List<Object> items) {
        if (stack.getFirst() instanceof ArrayList<?> list) {
            ((ArrayList<Object>) list).addAll(items);
        }
    }
}
