package stir.backend.onnx;

import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.Scope;
import stir.backend.onnx.gradient.PassGraph;
import stir.backend.onnx.graph.StaticGraph;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** A runner of passes on any number of rows, with programs that are built on demand. */
final class Programs implements AutoCloseable {
    private final Sessions sessions;
    private final IntFunction<PassGraph> passes;
    private final Map<Pass, Pool<Program>> pools = new HashMap<>();
    private final Pool<SplitProgram> split;

    /**
     * Creates a runner without programs.
     *
     * @param passes builds graphs for a number of rows
     */
    Programs(Sessions sessions, IntFunction<PassGraph> passes) {
        this.sessions = sessions;
        this.passes = passes;
        this.split =
                new Pool<>(rows -> new SplitProgram(sessions, passes.apply(rows).split(), rows));
    }

    private synchronized Pool<Program> pool(Pass pass) {
        return pools.computeIfAbsent(
                pass, any -> new Pool<>(rows -> new Program(sessions, write(pass, rows), rows)));
    }

    private StaticGraph write(Pass pass, int rows) {
        var graphs = passes.apply(rows);
        return switch (pass.kind()) {
            case REPRESENT -> graphs.forward();
            case PULLBACK -> graphs.pullback();
            case DISTANCE -> graphs.distance(pass.order());
        };
    }

    /**
     * Runs a pass.
     *
     * @param given rows of every input, by name
     * @param wanted receives the selected outputs, by name
     */
    void run(Pass pass, Map<String, Batch> given, Map<String, Batch> wanted) {
        int rows = given.values().iterator().next().rows();
        try (var lease = pool(pass).take(rows)) {
            lease.program().run(given, wanted);
        }
    }

    /**
     * Runs the forward pass, applies the rule and runs the backward pass, keeping the saved tensors
     * in between.
     *
     * @param given rows of every input, by name
     * @param cotangents scratch memory for the rule's cotangents
     */
    void run(
            Map<String, Batch> given,
            CotangentRule rule,
            Batch representations,
            Batch cotangents,
            Batch gradients) {
        try (var lease = split.take(representations.rows());
                var pending = lease.program().start(given, representations)) {
            rule.apply(representations, cotangents);
            pending.backward(cotangents, gradients);
        }
    }

    @Override
    public synchronized void close() {
        try (var scope = new Scope()) {
            pools.values().forEach(scope::own);
            pools.clear();
            scope.own(split);
        }
    }
}
