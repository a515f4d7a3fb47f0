package stir.backend.onnx.modules;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** One call of a module: the nodes that it computed, and what crossed the module's border. */
final class ModuleCall {
    private final String path;
    private final BitSet nodes = new BitSet();
    private OptionalInt number = OptionalInt.empty();
    private final Map<String, Crossing> leaving = new LinkedHashMap<>();
    private final Map<String, Crossing> entering = new LinkedHashMap<>();

    /** How a tensor crosses a border, by growing weight. */
    enum Crossing {
        /** As it is. */
        PLAIN,
        /** Into a transposition, which may have been made of two, one on each side. */
        TRANSPOSED,
        /** Into an operation that another, from whichever side, was merged into. */
        CHANGED,
        /** Into an operation that one from the other side was merged into. */
        MERGED;

        /** What two crossings of one tensor tell together: one that is plain is enough. */
        static Crossing both(Crossing a, Crossing b) {
            boolean merged = a == MERGED || b == MERGED;
            return merged ? MERGED : a.compareTo(b) < 0 ? a : b;
        }
    }

    ModuleCall(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    BitSet nodes() {
        return (BitSet) nodes.clone();
    }

    boolean has(int node) {
        return node >= 0 && nodes.get(node);
    }

    /** Returns the last node in the graph's order. */
    int last() {
        return nodes.length() - 1;
    }

    /** Returns whether a node can be of this call that the exporter says to be of the call so numbered. */
    boolean admits(OptionalInt call) {
        return call.isEmpty() || number.isEmpty() || call.equals(number);
    }

    /** Returns whether the exporter numbers this and another call differently. */
    boolean isOtherThan(ModuleCall call) {
        return !admits(call.number);
    }

    boolean hasNumberOf(ModuleCall call) {
        return number.isPresent() && number.equals(call.number);
    }

    void add(int node) {
        nodes.set(node);
    }

    void number(OptionalInt call) {
        if (number.isEmpty()) {
            number = call;
        }
    }

    void addAll(ModuleCall rest) {
        nodes.or(rest.nodes);
    }

    void leave(String tensor, Crossing crossing) {
        leaving.merge(tensor, crossing, Crossing::both);
    }

    void enter(String tensor, Crossing crossing) {
        entering.merge(tensor, crossing, Crossing::both);
    }

    /** Returns the tensors that leave, in order. */
    Map<String, Crossing> leaving() {
        return leaving;
    }

    /** Returns the tensors that enter, in order. */
    Map<String, Crossing> entering() {
        return entering;
    }
}
