package stir.backend.djl.torchscript;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import stir.backend.djl.libtorch.SourceException;

/**
 * A limit on the size of a network's tree of modules or calls, which may be infinite or too large
 * to visit, because classes can contain or call each other.
 *
 * @param <T> a kind of part, compared by equality
 */
final class Nesting<T> {
    private static final int MAX_DEPTH = 100;
    private static final long MAX_PARTS = 200_000;

    private final Function<T, List<T>> parts;
    private final Map<T, Long> sizes = new HashMap<>();
    private final Set<T> open = new HashSet<>();

    private Nesting(Function<T, List<T>> parts) {
        this.parts = parts;
    }

    /**
     * Visits the tree, each kind of part once.
     *
     * @param kind the kind of parts, for the message
     * @param parts the function that returns the children of a part
     * @throws SourceException if the tree is infinite, too deep or too large
     */
    static <T> void check(String kind, T root, Function<T, List<T>> parts) {
        if (new Nesting<>(parts).size(root) > MAX_PARTS) {
            throw new SourceException("its " + kind + " nest too deeply");
        }
    }

    /** Returns the size of a subtree, with repeated parts counted repeatedly, up to the limit. */
    private long size(T part) {
        var known = sizes.get(part);
        if (known != null) {
            return known;
        }
        if (open.size() >= MAX_DEPTH || !open.add(part)) {
            return MAX_PARTS + 1;
        }
        long size = 1;
        for (T below : parts.apply(part)) {
            size = Math.min(size + size(below), MAX_PARTS + 1);
        }
        open.remove(part);
        sizes.put(part, size);
        return size;
    }
}
