package stir.backend.onnx.modules;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** A call of a module: its nodes, and the tensors that cross the module's boundary. */
final class ModuleCall {
    private final String path;
    private final BitSet nodes = new BitSet();
    private OptionalInt number = OptionalInt.empty();
    private boolean separate = true;
    private final Map<String, Crossing> leaving = new LinkedHashMap<>();
    private final Map<String, Crossing> entering = new LinkedHashMap<>();

    /** The kind of a boundary crossing, in ascending order of doubt. */
    enum Crossing {
        /** Unchanged. */
        PLAIN,
        /** Into a transposition, which may combine one on each side of the boundary. */
        TRANSPOSED,
        /** Into an operation that another one, from either side, was merged into. */
        CHANGED,
        /** Into an operation that one from the other side was merged into. */
        MERGED;

        /** Returns the kind of two crossings of a tensor; a plain one outweighs all but merged. */
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

    /** Returns whether a node with the exporter's number of a call may belong to this call. */
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

    /** Records that the call before or after this one may contain some of its nodes. */
    void join() {
        separate = false;
    }

    /** Returns whether the nodes of this call are certain. */
    boolean isSeparate() {
        return separate;
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
