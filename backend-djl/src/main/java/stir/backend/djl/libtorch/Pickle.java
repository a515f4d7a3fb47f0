package stir.backend.djl.libtorch;

import java.io.ByteArrayOutputStream;
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
import org.jspecify.annotations.Nullable;

/**
 * A reader of the pickles in PyTorch's archives: objects, containers, numbers, strings and tensors.
 * It runs none of the functions that a pickle names. The opcodes are those of protocol 2 that
 * PyTorch's pickler writes (torch/csrc/jit/serialization/pickler.h).
 *
 * <p>libtorch's own reader does not validate (unpickler.cpp takes sizes, strides and offsets
 * unchecked, accepts any number as a function, and reads beyond its stack), so this one is strict:
 * it refuses everything unknown, and {@link Unpickled#tensors} contains every tensor of an accepted
 * pickle.
 */
public final class Pickle {
    /** The maximum depth; real pickles nest two levels per level of modules. */
    private static final int MAX_DEPTH = 400;

    /** The maximum number of values, with repeated ones counted repeatedly. */
    private static final long MAX_SIZE = 1L << 24;

    private static final String CLASSES = "__torch__.";
    private static final String COMPILED_CLASSES = "__torch__.torch.classes.";
    private static final Map<String, Class<?>> LISTS = Map.of(
            "torch.jit._pickle.build_intlist", Long.class,
            "torch.jit._pickle.build_doublelist", Double.class,
            "torch.jit._pickle.build_boollist", Boolean.class,
            "torch.jit._pickle.build_tensorlist", TensorView.class);
    private static final Set<String> PARAMETERS =
            Set.of("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state");
    private static final Set<String> IGNORED = Set.of("collections.OrderedDict", "torch.device", "builtins.complex");

    /** An object of a module's class with its attributes. */
    public record Instance(String type, Map<Object, Object> attributes) {
        /** Returns the attribute's object, or null if there is none of that name. */
        public @Nullable Instance instance(String name) {
            return attributes.get(name) instanceof Instance instance ? instance : null;
        }
    }

    /**
     * The location of tensors' values.
     *
     * @param type the storage's class: {@code torch.FloatStorage}
     * @param key the end of the record's name
     * @param elements the number of values
     */
    public record Storage(String type, String key, long elements) {}

    /** A tensor: a view of a storage, counted in elements. Unchecked. */
    public record TensorView(Storage storage, long offset, List<Long> sizes, List<Long> strides) {}

    /**
     * The content of a pickle.
     *
     * @param root an {@link Instance}, a {@link TensorView}, a {@code List}, a {@code Map}, a
     *     {@code String}, a {@code Long}, a {@code Double}, a {@code Boolean} or an unknown object
     * @param tensors all tensors, wherever they are in it
     */
    public record Unpickled(Object root, List<TensorView> tensors) {}

    /** A named class or function. */
    private record Global(String name) {}

    /** The place of a class's or function's name in the pickle. */
    private record NamedSpan(String name, int start, int end) {}

    /** The size of a value: levels below it, and values in total. */
    private record NestedSize(int depth, long size) {
        private static final NestedSize OF_LEAF = new NestedSize(0, 1);
    }

    /** A placeholder for {@code None} and for ignored values. */
    public static final Object NOTHING = new Object();

    private final ByteBuffer bytes;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private final IdentityHashMap<Object, NestedSize> extents = new IdentityHashMap<>();
    private final Set<Object> nested = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<TensorView> tensors = new ArrayList<>();
    private final List<NamedSpan> globals = new ArrayList<>();

    private Pickle(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a pickle.
     *
     * @throws SourceException if it is not a pickle of this kind
     */
    public static Unpickled read(byte[] bytes) {
        try {
            var pickle = new Pickle(bytes);
            return new Unpickled(pickle.run(), List.copyOf(pickle.tensors));
        } catch (SourceException e) {
            throw e;
        } catch (RuntimeException e) { // any failure of the stack or the buffer means a broken pickle
            throw new SourceException("a pickle is broken", e);
        }
    }

    private Object run() {
        while (true) {
            int opcode = Byte.toUnsignedInt(bytes.get());
            switch (opcode) {
                case 0x80 -> bytes.get(); // the protocol
                case 'c' -> pushGlobal();
                case '(' -> marks.push(stack.size());
                case ')' -> stack.push(List.of());
                case '}' -> stack.push(new LinkedHashMap<>());
                case ']' -> stack.push(new ArrayList<>());
                case 'X' -> stack.push(text(bytes.getInt()));
                case 'q' -> memoise(Byte.toUnsignedInt(bytes.get()));
                case 'r' -> memoise(bytes.getInt());
                case 'h' -> stack.push(memoised(Byte.toUnsignedInt(bytes.get())));
                case 'j' -> stack.push(memoised(bytes.getInt()));
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

    private void pushGlobal() {
        int start = bytes.position();
        var global = new Global(line() + "." + line());
        stack.push(global);
        globals.add(new NamedSpan(global.name(), start, bytes.position()));
    }

    /**
     * Returns a copy of this pickle with other classes and functions.
     *
     * @param names the new names by those to be replaced, both with a module
     */
    static byte[] renamed(byte[] bytes, Map<String, String> names) {
        var pickle = new Pickle(bytes);
        pickle.run();
        var changed = new ByteArrayOutputStream(bytes.length);
        int from = 0;
        for (var span : pickle.globals) {
            var name = names.get(span.name());
            if (name != null) {
                int dot = name.lastIndexOf('.');
                changed.write(bytes, from, span.start() - from);
                changed.writeBytes("%s\n%s\n"
                        .formatted(name.substring(0, dot), name.substring(dot + 1))
                        .getBytes(StandardCharsets.UTF_8));
                from = span.end();
            }
        }
        changed.write(bytes, from, bytes.length - from);
        return changed.toByteArray();
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
            throw new SourceException("a string in a pickle exceeds the pickle");
        }
        var text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /**
     * Stores the top of the stack in the memo. The index is limited, because libtorch allocates
     * memory up to the largest one.
     */
    private void memoise(int index) {
        if (index < 0 || index > bytes.capacity()) {
            throw new SourceException("a pickle has a memo index that is too large");
        }
        memo.put(index, stack.getFirst());
    }

    private Object memoised(int index) {
        var object = memo.get(index);
        if (object == null) {
            throw new SourceException("a pickle reads an unknown memo index");
        }
        return object;
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
        if (!tuple.isEmpty()) { // the empty tuple is a shared object
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
     * Counts values that are added to a container. A container that is already part of another one
     * can't grow, so no container can contain itself.
     */
    private void grow(Object container, List<?> items) {
        if (nested.contains(container) || items.stream().anyMatch(item -> item == container)) {
            throw new SourceException("a pickle adds to a nested container");
        }
        var before = extents.getOrDefault(container, NestedSize.OF_LEAF);
        int depth = before.depth();
        long size = before.size();
        for (Object item : items) {
            var extent = extents.getOrDefault(item, NestedSize.OF_LEAF);
            depth = Math.max(depth, extent.depth() + 1);
            size += extent.size();
            if (item instanceof ArrayList || item instanceof Map || item instanceof Instance) {
                nested.add(item);
            }
        }
        if (depth > MAX_DEPTH || size > MAX_SIZE) {
            throw new SourceException("a pickle nests too much");
        }
        extents.put(container, new NestedSize(depth, size));
    }

    private static Storage storage(List<?> arguments) {
        if (arguments.size() != 5 || !"storage".equals(arguments.get(0))) {
            throw new SourceException("a pickle refers to something that is not a storage");
        }
        return new Storage(((Global) arguments.get(1)).name(), (String) arguments.get(2), (Long) arguments.get(4));
    }

    /** Evaluates a call: rebuilds tensors, and keeps the content of typed containers. */
    private void reduce() {
        var argument = stack.pop();
        reduce(((Global) stack.pop()).name(), argument);
    }

    private void reduce(String function, Object argument) {
        var elements = LISTS.get(function);
        if (function.equals("torch._utils._rebuild_tensor_v2")) {
            stack.push(tensor((List<?>) argument));
        } else if (PARAMETERS.contains(function)) {
            stack.push(((List<?>) argument).get(0));
        } else if (function.equals("torch._tensor._rebuild_from_type_v2")) {
            var call = (List<?>) argument; // of a function, with a class and a state that is ignored
            reduce(((Global) call.get(0)).name(), call.get(2));
        } else if (elements != null) {
            var list = (List<?>) ((List<?>) argument).get(0);
            if (!list.stream().allMatch(elements::isInstance)) {
                throw new SourceException("a typed list in a pickle has elements of another type");
            }
            stack.push(list);
        } else if (function.equals("torch.jit._pickle.restore_type_tag")) {
            stack.push(((List<?>) argument).get(0));
        } else if (function.startsWith(COMPILED_CLASSES)) {
            throw AllowedOperators.ofCompiledClass(function.substring(COMPILED_CLASSES.length()));
        } else if (IGNORED.contains(function) || isEnumeration(function, argument)) {
            stack.push(NOTHING);
        } else if (function.equals("torch._utils._rebuild_qtensor")) {
            throw new SourceException(
                    "it is quantised, and quantised operators have no gradient",
                    "export the network before quantising it");
        } else if (function.startsWith("torch._utils._rebuild_sparse")) {
            throw new SourceException("it contains sparse weights", "make them dense and export it again");
        } else {
            throw new SourceException("a pickle calls " + function);
        }
    }

    private static boolean isEnumeration(String type, Object value) {
        return type.startsWith(CLASSES)
                && (value instanceof Long || value instanceof Double || value instanceof String);
    }

    private TensorView tensor(List<?> arguments) {
        var tensor = new TensorView(
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
            throw new SourceException("a pickle creates an object with arguments");
        }
        var type = ((Global) stack.pop()).name();
        if (type.startsWith(COMPILED_CLASSES)) {
            throw AllowedOperators.ofCompiledClass(type.substring(COMPILED_CLASSES.length()));
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

    @SuppressWarnings("unchecked") // a map below the mark was created by this reader
    private void setItems(List<Object> items) {
        var map = (Map<Object, Object>) stack.getFirst();
        grow(map, items);
        if (items.size() % 2 != 0) {
            throw new SourceException("a pickle has a key without a value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            var key = items.get(i);
            if (!(key instanceof String || key instanceof Long || key instanceof Double || key instanceof Boolean)) {
                throw new SourceException("a pickle has a key that is neither text nor number");
            }
            map.put(key, items.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked") // a list below the mark was created by this reader
    private void append(List<Object> items) {
        var list = (ArrayList<Object>) stack.getFirst();
        grow(list, items);
        list.addAll(items);
    }
}
