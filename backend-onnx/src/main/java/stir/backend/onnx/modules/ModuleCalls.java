package stir.backend.onnx.modules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.modules.ModuleCall.Crossing;

/**
 * The calls of modules in a graph. The nodes of one call are adjacent in a file, because both
 * exporters write nodes in execution order.
 */
final class ModuleCalls {
    /** Operations that leave values unchanged, row after row, so that their nodes are omitted. */
    private static final Pattern SAME_VALUES = Pattern.compile(
            "(clone|alias|detach|contiguous|(feature_|alpha_|native_)?dropout|lift_fresh_copy|_?to(_copy)?|cat"
                    + "|view|_unsafe_view|reshape|flatten|squeeze|unsqueeze)(_\\d+)*");

    /** The names of weights and other constants in programs. */
    private static final Pattern CONSTANT = Pattern.compile("(p|b|c)_.*");

    private final DataFlow flow;
    private final List<Optional<NodeOrigin>> origins;
    private final Map<String, List<ModuleCall>> calls = new LinkedHashMap<>();
    private final List<List<ModuleCall>> callsOf = new ArrayList<>();

    ModuleCalls(DataFlow flow, List<Optional<NodeOrigin>> origins) {
        this.flow = flow;
        this.origins = origins;
        read();
        calls.values().forEach(this::mergeSplit);
        for (int i = 0; i < origins.size(); i++) {
            callsOf.add(new ArrayList<>());
        }
        calls.values().forEach(all -> all.forEach(this::register));
        flow.readers().forEach((tensor, readers) -> readers.forEach(node -> cross(tensor, node)));
        for (int i = 0; i < origins.size(); i++) {
            if (flow.nodes().get(i).is("Transpose")) {
                leaveByShape(i);
            }
        }
        for (var result : flow.results()) {
            callsOf(flow.producer(result)).forEach(call -> call.leave(result, Crossing.PLAIN));
        }
    }

    private void read() {
        var open = new ArrayList<ModuleCall>();
        for (int i = 0; i < origins.size(); i++) {
            if (origins.get(i).isEmpty() || !flow.computes(i)) {
                continue;
            }
            var origin = origins.get(i).get();
            int depth = 0;
            while (depth < Math.min(open.size(), origin.modules().size())
                    && continues(open.get(depth), origin, depth)) {
                depth++;
            }
            boolean torn = depth < Math.min(open.size(), origin.modules().size()) && isTorn(open, depth, origin);
            if (torn) {
                open.get(depth).join();
            }
            open.subList(depth, open.size()).clear();
            int first = depth;
            for (var path : origin.modules().subList(depth, origin.modules().size())) {
                var call = new ModuleCall(path);
                if (torn && open.size() == first) {
                    call.join();
                }
                open.add(call);
                calls.computeIfAbsent(path, p -> new ArrayList<>()).add(call);
            }
            for (var call : open) {
                call.add(i);
            }
            if (!open.isEmpty()) {
                open.get(open.size() - 1).number(origin.call());
            }
        }
    }

    /**
     * Returns whether a module's next call follows a call of a module within it, which may belong
     * to either: only nodes of the module itself have the number of its call.
     */
    private static boolean isTorn(List<ModuleCall> open, int depth, NodeOrigin origin) {
        return open.size() > depth + 1
                && open.get(depth).path().equals(origin.modules().get(depth));
    }

    private static boolean continues(ModuleCall call, NodeOrigin origin, int depth) {
        boolean innermost = depth == origin.modules().size() - 1;
        return call.path().equals(origin.modules().get(depth))
                && call.admits(innermost ? origin.call() : OptionalInt.empty());
    }

    /** Merges calls of one module if a value passes between them inside the module. */
    private void mergeSplit(List<ModuleCall> all) {
        for (int later = all.size() - 1; later > 0; later--) {
            for (int earlier = later - 1; earlier >= 0; earlier--) {
                if (!all.get(earlier).isOtherThan(all.get(later)) && isConnected(all.get(earlier), all.get(later))) {
                    all.get(earlier).addAll(all.remove(later));
                    break;
                }
            }
        }
    }

    private boolean isConnected(ModuleCall earlier, ModuleCall later) {
        return later.nodes().stream()
                .mapToObj(flow.nodes()::get)
                .flatMap(node -> node.reads())
                .filter(flow.readers()::containsKey)
                .anyMatch(tensor -> earlier.has(flow.producer(tensor)));
    }

    private void register(ModuleCall call) {
        call.nodes().stream().forEach(node -> callsOf.get(node).add(call));
    }

    private List<ModuleCall> callsOf(int node) {
        return node == DataFlow.NONE ? List.of() : callsOf.get(node);
    }

    private void cross(String tensor, int reader) {
        int producer = flow.producer(tensor);
        var crossing = crossing(tensor, reader);
        var merged = merged(reader);
        for (var call : callsOf(producer)) {
            if (!call.has(reader)) {
                boolean split =
                        merged.filter(path -> isWithin(path, call.path())).isPresent();
                call.leave(tensor, split ? Crossing.MERGED : crossing);
            }
        }
        for (var call : callsOf(reader)) {
            if (!call.has(producer)) {
                boolean split =
                        merged.filter(path -> !isWithin(path, call.path())).isPresent();
                call.enter(tensor, split ? Crossing.MERGED : crossing);
            }
        }
    }

    /**
     * Records the result of a transposition as leaving the calls outside which only its shape is
     * read: it was their result until a second transposition cancelled it and both were removed.
     */
    private void leaveByShape(int transposition) {
        var tensor = flow.nodes().get(transposition).output(0);
        if (flow.readers().containsKey(tensor)) {
            return;
        }
        for (int i = transposition + 1; i < origins.size(); i++) {
            var node = flow.nodes().get(i);
            if (node.is("Shape") && node.input(0).equals(tensor)) {
                for (var call : callsOf(transposition)) {
                    if (!isWithin(innermostPath(i), call.path())) {
                        call.leave(tensor, Crossing.PLAIN);
                    }
                }
            }
        }
    }

    private Crossing crossing(String tensor, int reader) {
        var origin = origins.get(reader);
        if (origin.isEmpty()) {
            return Crossing.CHANGED;
        }
        var node = flow.nodes().get(reader);
        if (origin.get().step().isEmpty()) {
            return node.is("Transpose") && !isUndone(reader) ? Crossing.TRANSPOSED : Crossing.PLAIN;
        }
        var step = origin.get().step().get();
        if (step.takes().contains(tensor)) {
            return Crossing.PLAIN;
        } else if (step.hasMergedNormalisation()) {
            boolean known = merged(reader).isPresent() && !step.hasMergedPadding();
            return known ? Crossing.PLAIN : Crossing.CHANGED;
        }
        var dropped = new HashSet<String>();
        for (var taken : step.takes()) {
            if (!flow.contains(taken) && !CONSTANT.matcher(taken).matches()) {
                dropped.add(taken);
            }
        }
        boolean same =
                dropped.stream().allMatch(name -> SAME_VALUES.matcher(name).matches());
        return !dropped.isEmpty() && same && !step.rules().contains("Transpose") ? Crossing.PLAIN : Crossing.CHANGED;
    }

    /**
     * Returns whether a transposition is undone later in the same call. It is then complete: if
     * another one from outside had been merged into it, it would not be undone exactly.
     */
    private boolean isUndone(int transposition) {
        var inner = innermostPath(transposition);
        int[] axes = flow.nodes().get(transposition).integers("perm");
        for (int i = transposition + 1; i < origins.size(); i++) {
            var node = flow.nodes().get(i);
            if (node.is("Transpose")
                    && innermostPath(i).equals(inner)
                    && inSameCall(transposition, i)
                    && areInverse(axes, node.integers("perm"))) {
                return true;
            }
        }
        return false;
    }

    private boolean inSameCall(int node, int other) {
        return callsOf(node).stream().allMatch(call -> call.has(other));
    }

    private static boolean areInverse(int[] axes, int... others) {
        if (axes.length == 0 || axes.length != others.length) {
            return false;
        }
        for (int i = 0; i < axes.length; i++) {
            if (axes[i] < 0 || axes[i] >= others.length || others[axes[i]] != i) {
                return false;
            }
        }
        return true;
    }

    /** Returns the module whose convolution a batch normalisation was merged into, in a program. */
    private Optional<String> merged(int node) {
        return origins.get(node)
                .flatMap(NodeOrigin::step)
                .filter(NodeOrigin.Step::hasMergedNormalisation)
                .flatMap(step -> owner(flow.nodes().get(node)));
    }

    private static Optional<String> owner(Node node) {
        var weights = node.input(1);
        int dot = weights.lastIndexOf('.');
        return dot > 0 ? Optional.of(weights.substring(0, dot)) : Optional.empty();
    }

    /** Returns whether the input of a merged convolution is certainly that of its module. */
    boolean takesInputOfItsModule(int merged) {
        var tensor = flow.nodes().get(merged).input(0);
        return flow.producer(tensor) != DataFlow.NONE
                && crossing(tensor, merged) == Crossing.PLAIN
                && origins.get(flow.producer(tensor)).isPresent();
    }

    /** Returns the modules whose results were merged away, each with the replacing node. */
    Map<String, Integer> merged() {
        var merged = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < origins.size(); i++) {
            int node = i;
            merged(node).filter(path -> !calls.containsKey(path)).ifPresent(path -> merged.put(path, node));
        }
        return merged;
    }

    /** Returns whether a path is that of a module, or of one inside. */
    static boolean isWithin(String path, String module) {
        return path.equals(module) || path.startsWith(module + ".");
    }

    /** Returns all calls in execution order, by the modules' paths. */
    Map<String, List<ModuleCall>> byPath() {
        return calls;
    }

    /** Returns the calls of one module. */
    List<ModuleCall> of(String path) {
        return calls.getOrDefault(path, List.of());
    }

    /** Returns whether a call contains no call of another module. */
    boolean isLeaf(ModuleCall call) {
        return call.nodes().stream().allMatch(node -> innermostPath(node).equals(call.path()));
    }

    private String innermostPath(int node) {
        var modules = origins.get(node).map(NodeOrigin::modules).orElse(List.of());
        return modules.isEmpty() ? "" : modules.get(modules.size() - 1);
    }

    /** Returns whether the exporter assigns the same number to two calls of a module. */
    static boolean isAmbiguous(List<ModuleCall> all) {
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).hasNumberOf(all.get(i - 1))) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a call may be several ones without a recognisable boundary. */
    boolean mayBeSeveral(ModuleCall call) {
        if (!call.isSeparate()) {
            return true;
        }
        var weights = new HashMap<String, OptionalInt>();
        var kinds = new ArrayList<String>();
        for (int i : call.nodes().stream().toArray()) {
            var node = flow.nodes().get(i);
            kinds.add(node.kind());
            for (var input : node.inputs()) {
                if (flow.isWeight(input) && isReadAgain(weights, i, input)) {
                    return true;
                }
            }
        }
        var within = within(call);
        return within.size() == 1 ? isPeriodic(kinds) : isPeriodic(within);
    }

    /**
     * Returns whether a module reads a weight again, in another of its calls. The tracing exporter
     * copies the weights of matrix products, so the numbers of their calls decide.
     */
    private boolean isReadAgain(Map<String, OptionalInt> weights, int reader, String weight) {
        var key = innermostPath(reader) + " " + flow.nodes().get(reader).kind() + " ";
        if (weight.contains(".")) {
            return weights.put(key + weight, OptionalInt.empty()) != null;
        } else if (!weight.contains("::")) {
            return false;
        }
        var number = number(reader);
        var before = weights.putIfAbsent(key, number);
        return before != null && before.isPresent() && number.isPresent() && !before.equals(number);
    }

    /** Returns the exporter's number of the innermost call of a node, if there is one. */
    private OptionalInt number(int node) {
        return origins.get(node).map(NodeOrigin::call).orElse(OptionalInt.empty());
    }

    /**
     * Returns whether the number of a call is in doubt: it may be several ones, or it begins or
     * ends with a repetition of the calls within it, as several calls in a row do.
     */
    boolean isNumberDoubtful(ModuleCall call) {
        return mayBeSeveral(call) || isRepeatedAtAnEnd(within(call));
    }

    /** Returns the paths of the innermost calls within a call, in their order. */
    private List<String> within(ModuleCall call) {
        var paths = new ArrayList<String>();
        var last = "";
        for (int i : call.nodes().stream().toArray()) {
            var current = innermostPath(i) + " " + number(i);
            if (!current.equals(last)) {
                paths.add(innermostPath(i));
            }
            last = current;
        }
        return paths;
    }

    private static boolean isRepeatedAtAnEnd(List<String> parts) {
        int size = parts.size();
        for (int period = 1; period <= size / 2; period++) {
            if (parts.subList(0, period).equals(parts.subList(period, 2 * period))
                    || parts.subList(size - period, size).equals(parts.subList(size - 2 * period, size - period))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPeriodic(List<String> kinds) {
        for (int period = 1; period <= kinds.size() / 2; period++) {
            if (kinds.size() % period == 0
                    && kinds.subList(period, kinds.size()).equals(kinds.subList(0, kinds.size() - period))) {
                return true;
            }
        }
        return false;
    }
}
