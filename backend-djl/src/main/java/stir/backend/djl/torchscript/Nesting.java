package stir.backend.djl.torchscript;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Bounds a network's tree of modules or of calls, which classes that hold or call each other may
 * make endless, or of more parts than can be visited.
 *
 * @param <T> a kind of part, compared by equality
 */
final class Nesting<T> {
    private static final int DEEPEST = 100;
    private static final long MOST_PARTS = 200_000;

    private final Function<T, List<T>> parts;
    private final Map<T, Long> sizes = new HashMap<>();
    private final Set<T> open = new HashSet<>();

    private Nesting(Function<T, List<T>> parts) {
        this.parts = parts;
    }

    /**
     * Walks through the tree, each kind of part once.
     *
     * @param what what the parts are, for the message
     * @param parts the parts that a part consists of
     * @throws SourceException if it is endless, too deep or too large
     */
    static <T> void check(String what, T root, Function<T, List<T>> parts) {
        if (new Nesting<>(parts).size(root) > MOST_PARTS) {
            throw new SourceException("its " + what + " nest too much");
        }
    }

    /** Returns the parts below one, each counted as often as it is used; more than the most if too many. */
    private long size(T part) {
        var known = sizes.get(part);
        if (known != null) {
            return known;
        }
        if (open.size() >= DEEPEST || !open.add(part)) {
            return MOST_PARTS + 1;
        }
        long size = 1;
        for (T below : parts.apply(part)) {
            size = Math.min(size + size(below), MOST_PARTS + 1);
        }
        open.remove(part);
        sizes.put(part, size);
        return size;
    }
}
