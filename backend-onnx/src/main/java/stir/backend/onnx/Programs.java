package stir.backend.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.Scope;
import stir.backend.onnx.gradient.PassGraph;
import stir.backend.onnx.graph.StaticGraph;

/** A runner of passes on any number of rows, with programs that are built on demand. */
final class Programs implements AutoCloseable {
    private final Sessions sessions;
    private final IntFunction<PassGraph> passes;
    private final boolean computesTwice;
    private final Pool<Program> forward;
    private final Pool<Program> pullback;
    private final Map<Double, Pool<Program>> distances = new HashMap<>();
    private final Pool<SplitProgram> split;

    /**
     * Creates a runner without programs.
     *
     * @param passes the function that builds graphs for a number of rows
     * @param computesTwice whether a pass with a rule runs the forward pass twice
     */
    Programs(Sessions sessions, IntFunction<PassGraph> passes, boolean computesTwice) {
        this.sessions = sessions;
        this.passes = passes;
        this.computesTwice = computesTwice;
        this.forward = pool(PassGraph::forward);
        this.pullback = pool(PassGraph::pullback);
        this.split =
                new Pool<>(rows -> new SplitProgram(sessions, passes.apply(rows).split(), rows));
    }

    private Pool<Program> pool(Function<PassGraph, StaticGraph> pass) {
        return new Pool<>(rows -> new Program(sessions, pass.apply(passes.apply(rows)), rows));
    }

    /** Returns the programs from inputs to representations. */
    Pool<Program> forward() {
        return forward;
    }

    /** Returns the programs from inputs and cotangents to gradients. */
    Pool<Program> pullback() {
        return pullback;
    }

    /** Returns the programs from inputs and targets to distances and gradients. */
    synchronized Pool<Program> distance(double order) {
        return distances.computeIfAbsent(order, any -> pool(graphs -> graphs.distance(order)));
    }

    /**
     * Runs a pass.
     *
     * @param given rows of every input, by name
     * @param wanted the map that receives the selected outputs, by name
     */
    static void run(Pool<Program> pass, Map<String, Batch> given, Map<String, Batch> wanted) {
        int rows = given.values().iterator().next().rows();
        try (var lease = pass.take(rows)) {
            lease.program().run(given, wanted);
        }
    }

    /**
     * Runs the forward pass, applies the rule and runs the backward pass, keeping the saved tensors
     * in between. On a GPU the forward pass runs again instead: the runtime's Java package would
     * copy the saved tensors to the host and back, 38 MiB per row for ResNet-50.
     *
     * @param given rows of every input, by name
     * @param cotangents scratch memory for the rule's cotangents
     */
    void run(Map<String, Batch> given, CotangentRule rule, Batch representations, Batch cotangents, Batch gradients) {
        if (computesTwice) {
            run(forward, given, Map.of(PassGraph.REPRESENTATION, representations));
            rule.apply(representations, cotangents);
            var all = new HashMap<>(given);
            all.put(PassGraph.COTANGENT, cotangents);
            run(pullback, all, Map.of(PassGraph.GRADIENT, gradients));
            return;
        }
        try (var lease = split.take(representations.rows());
                var pending = lease.program().start(given, representations)) {
            rule.apply(representations, cotangents);
            pending.backward(cotangents, gradients);
        }
    }

    @Override
    public synchronized void close() {
        try (var scope = new Scope()) {
            distances.values().forEach(scope::own);
            List.of(forward, pullback, split).forEach(scope::own);
        }
    }
}
