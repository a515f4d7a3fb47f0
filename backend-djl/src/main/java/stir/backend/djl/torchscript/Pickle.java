package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what PyTorch pickles into an archive, as far as objects, containers, numbers, texts and
 * tensors go. Runs nothing that the pickle names. The opcodes are those of protocol 2 that
 * PyTorch's pickler writes (torch/csrc/jit/serialization/pickler.h).
 *
 * <p>libtorch's own reader trusts what it reads (unpickler.cpp sets sizes, strides and offsets
 * unchecked, takes any number for a function's, and reads beyond its stack), so this one is strict:
 * what it does not know is refused, and a pickle that passes holds no tensor that is not among
 * {@link Content#tensors}.
 */
final class Pickle {
    /** Real ones nest two levels for each level of modules. */
    private static final int DEEPEST = 400;

    /** Of values, each counted as often as it is used. */
    private static final long LARGEST = 1L << 24;

    private static final String CLASSES = "__torch__.";
    private static final String COMPILED_CLASSES = "__torch__.torch.classes.";
    private static final Map<String, Class<?>> LISTS =
            Map.of(
                    "torch.jit._pickle.build_intlist", Long.class,
                    "torch.jit._pickle.build_doublelist", Double.class,
                    "torch.jit._pickle.build_boollist", Boolean.class,
                    "torch.jit._pickle.build_tensorlist", Tensor.class);
    private static final Set<String> OF_NO_INTEREST =
            Set.of("collections.OrderedDict", "torch.device", "builtins.complex");

    /** An object of a module's class with its attributes. */
    record Instance(String type, Map<Object, Object> attributes) {
        /** Returns the attribute's object, or null if there is none of that name. */
        @Nullable Instance instance(String name) {
            return attributes.get(name) instanceof Instance instance ? instance : null;
        }
    }

    /**
     * Where the values of tensors are.
     *
     * @param type the storage's class: {@code torch.FloatStorage}
     * @param key the end of the record's name
     * @param elements how many values it holds
     */
    record Storage(String type, String key, long elements) {}

    /** A tensor: a view of a storage, counted in elements. Nothing of it is checked. */
    record Tensor(Storage storage, long offset, List<Long> sizes, List<Long> strides) {}

    /**
     * What a pickle holds.
     *
     * @param root an {@link Instance}, a {@link Tensor}, a {@code List}, a {@code Map}, a {@code
     *     String}, a {@code Long}, a {@code Double}, a {@code Boolean} or something unknown
     * @param tensors all tensors, wherever they are in it
     */
    record Content(Object root, List<Tensor> tensors) {}

    /** A class or function that is named. */
    private record Global(String name) {}

    /** How far a value goes: levels below it, and values in all. */
    private record Extent(int depth, long size) {
        private static final Extent OF_LEAF = new Extent(0, 1);
    }

    /** Stands for {@code None} and for what is of no interest. */
    static final Object NOTHING = new Object();

    private final ByteBuffer bytes;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private final IdentityHashMap<Object, Extent> extents = new IdentityHashMap<>();
    private final Set<Object> placed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Tensor> tensors = new ArrayList<>();

    private Pickle(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a pickle.
     *
     * @throws SourceException if it is not such a pickle
     */
    static Content read(byte[] bytes) {
        try {
            var pickle = new Pickle(bytes);
            return new Content(pickle.run(), List.copyOf(pickle.tensors));
        } catch (SourceException e) {
            throw e;
        } catch (RuntimeException e) { // whatever a broken pickle makes of the stack or the buffer
            var failure = new SourceException("a pickle is broken");
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
                case 'q' -> remember(Byte.toUnsignedInt(bytes.get()));
                case 'r' -> remember(bytes.getInt());
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
                case 't' -> pushTuple(sinceMark());
                case 0x85 -> pushTuple(1);
                case 0x86 -> pushTuple(2);
                case 0x87 -> pushTuple(3);
                case 'Q' -> stack.push(storage((List<?>) stack.pop()));
                case 'R' -> reduce();
                case 0x81 -> newObject();
                case 'b' -> build();
                case 'u' -> setItems(sinceMark());
                case 's' -> {
                    var value = stack.pop();
                    setItems(List.of(stack.pop(), value));
                }
                case 'e' -> append(sinceMark());
                case 'a' -> append(List.of(stack.pop()));
                case '.' -> {
                    if (stack.size() != 1 || !marks.isEmpty()) {
                        throw new SourceException("a pickle ends too early");
                    }
                    return stack.pop();
                }
                default -> throw new SourceException("a pickle has the opcode " + opcode);
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
        if (length < 0 || length > bytes.remaining()) {
            throw new SourceException("a text in a pickle is longer than the pickle");
        }
        var text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** libtorch makes room for all indexes up to the largest. */
    private void remember(int index) {
        if (index < 0 || index > bytes.capacity()) {
            throw new SourceException("a pickle remembers more than it holds");
        }
        memo.put(index, stack.getFirst());
    }

    private Object remembered(int index) {
        var found = memo.get(index);
        if (found == null) {
            throw new SourceException("a pickle uses what it has not remembered");
        }
        return found;
    }

    private long longNumber() {
        var digits = new byte[Byte.toUnsignedInt(bytes.get())];
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = bytes.get();
        }
        return digits.length == 0 ? 0 : new BigInteger(digits).longValueExact();
    }

    private double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
    }

    private void pushTuple(int size) {
        var items = new ArrayList<Object>(size);
        for (int i = 0; i < size; i++) {
            items.add(stack.pop());
        }
        Collections.reverse(items);
        pushTuple(items);
    }

    private void pushTuple(List<Object> items) {
        var tuple = List.copyOf(items);
        if (!tuple.isEmpty()) { // the empty one is the same everywhere
            grow(tuple, tuple);
        }
        stack.push(tuple);
    }

    private List<Object> sinceMark() {
        int size = stack.size() - marks.pop();
        var items = new ArrayList<Object>(size);
        for (int i = 0; i < size; i++) {
            items.add(stack.pop());
        }
        Collections.reverse(items);
        return items;
    }

    /**
     * Counts values that come into another. What is inside of something itself is full already, so
     * nothing can come to hold itself.
     */
    private void grow(Object container, List<?> items) {
        if (placed.contains(container) || items.stream().anyMatch(item -> item == container)) {
            throw new SourceException("a pickle fills what is in use");
        }
        var before = extents.getOrDefault(container, Extent.OF_LEAF);
        int depth = before.depth();
        long size = before.size();
        for (Object item : items) {
            var extent = extents.getOrDefault(item, Extent.OF_LEAF);
            depth = Math.max(depth, extent.depth() + 1);
            size += extent.size();
            if (item instanceof ArrayList || item instanceof Map || item instanceof Instance) {
                placed.add(item);
            }
        }
        if (depth > DEEPEST || size > LARGEST) {
            throw new SourceException("a pickle nests too much");
        }
        extents.put(container, new Extent(depth, size));
    }

    private static Storage storage(List<?> arguments) {
        if (arguments.size() != 5 || !"storage".equals(arguments.get(0))) {
            throw new SourceException("a pickle refers to something that is not a storage");
        }
        return new Storage(
                ((Global) arguments.get(1)).name(),
                (String) arguments.get(2),
                (Long) arguments.get(4));
    }

    /** Calls of functions: a tensor is rebuilt; of typed containers the content is kept. */
    private void reduce() {
        var argument = stack.pop();
        var function = ((Global) stack.pop()).name();
        var elements = LISTS.get(function);
        if (function.equals("torch._utils._rebuild_tensor_v2")) {
            stack.push(tensor((List<?>) argument));
        } else if (elements != null) {
            var list = (List<?>) ((List<?>) argument).get(0);
            if (!list.stream().allMatch(elements::isInstance)) {
                throw new SourceException("a typed list in a pickle holds something else");
            }
            stack.push(list);
        } else if (function.equals("torch.jit._pickle.restore_type_tag")) {
            stack.push(((List<?>) argument).get(0));
        } else if (OF_NO_INTEREST.contains(function) || isEnumeration(function, argument)) {
            stack.push(NOTHING);
        } else if (function.equals("torch._utils._rebuild_qtensor")) {
            throw new SourceException(
                    "it holds quantised weights", "export the network before it is quantised");
        } else if (function.startsWith("torch._utils._rebuild_sparse")) {
            throw new SourceException(
                    "it holds sparse weights", "make them dense and export it again");
        } else {
            throw new SourceException("a pickle calls " + function);
        }
    }

    private static boolean isEnumeration(String type, Object value) {
        return type.startsWith(CLASSES)
                && (value instanceof Long || value instanceof Double || value instanceof String);
    }

    private Tensor tensor(List<?> arguments) {
        var tensor =
                new Tensor(
                        (Storage) arguments.get(0),
                        (Long) arguments.get(1),
                        numbers(arguments.get(2)),
                        numbers(arguments.get(3)));
        tensors.add(tensor);
        return tensor;
    }

    private static List<Long> numbers(Object tuple) {
        return ((List<?>) tuple).stream().map(Long.class::cast).toList();
    }

    private void newObject() {
        if (!(stack.pop() instanceof List<?> none) || !none.isEmpty()) {
            throw new SourceException("a pickle makes an object of something");
        }
        var type = ((Global) stack.pop()).name();
        if (type.startsWith(COMPILED_CLASSES)) {
            throw new SourceException(
                    "it holds compiled objects, %s"
                            .formatted(type.substring(COMPILED_CLASSES.length())),
                    "export a network of PyTorch's own layers");
        }
        stack.push(new Instance(type, new LinkedHashMap<>()));
    }

    private void build() {
        var state = stack.pop();
        var instance = (Instance) stack.getFirst();
        grow(instance, List.of(state));
        if (state instanceof Map<?, ?> map) {
            instance.attributes().putAll(map);
        }
    }

    @SuppressWarnings("unchecked") // a map below the mark is one that this reader made
    private void setItems(List<Object> items) {
        var map = (Map<Object, Object>) stack.getFirst();
        grow(map, items);
        if (items.size() % 2 != 0) {
            throw new SourceException("a pickle has a key without a value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            var key = items.get(i);
            if (!(key instanceof String
                    || key instanceof Long
                    || key instanceof Double
                    || key instanceof Boolean)) {
                throw new SourceException("a pickle has a key that is neither text nor number");
            }
            map.put(key, items.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked") // a list below the mark is one that this reader made
    private void append(List<Object> items) {
        var list = (ArrayList<Object>) stack.getFirst();
        grow(list, items);
        list.addAll(items);
    }
}
