package stir.backend.onnx;

import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.Scope;
import stir.backend.onnx.gradient.PassGraph;
import stir.backend.onnx.rewrite.StaticGraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/** Runs passes on any number of rows, with programs that are written when they are first needed. */
final class Programs implements AutoCloseable {
    private final Sessions sessions;
    private final OptionalInt fixedRows;
    private final IntFunction<PassGraph> passes;
    private final Map<Pass, Pool<Program>> pools = new HashMap<>();
    private final Pool<SplitProgram> split;

    /**
     * Opens nothing yet.
     *
     * @param fixedRows the only number of rows that the model takes, if there is one
     * @param passes writes graphs for a number of rows
     * @param input the name of the graphs' input
     */
    Programs(
            Sessions sessions, OptionalInt fixedRows, IntFunction<PassGraph> passes, String input) {
        this.sessions = sessions;
        this.fixedRows = fixedRows;
        this.passes = passes;
        this.split =
                new Pool<>(
                        fixedRows,
                        rows ->
                                new SplitProgram(
                                        sessions, passes.apply(rows).halves(), input, rows));
    }

    private synchronized Pool<Program> pool(Pass pass) {
        return pools.computeIfAbsent(
                pass,
                any ->
                        new Pool<>(
                                fixedRows, rows -> new Program(sessions, write(pass, rows), rows)));
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
     * @param wanted where the outputs that are wanted are written, by name
     */
    void run(Pass pass, Map<String, Batch> given, Map<String, Batch> wanted) {
        int rows = given.values().iterator().next().rows();
        int done = 0;
        while (done < rows) {
            try (var lease = pool(pass).take(rows - done)) {
                int next = Math.min(rows, done + lease.program().rows());
                lease.program().run(slice(given, done, next), slice(wanted, done, next));
                done = next;
            }
        }
    }

    private static Map<String, Batch> slice(Map<String, Batch> batches, int from, int to) {
        var slices = new HashMap<String, Batch>();
        batches.forEach((name, batch) -> slices.put(name, batch.slice(from, to)));
        return slices;
    }

    /**
     * Goes forward with all rows, then asks the rule, then goes back. What the way back needs is
     * kept for all rows meanwhile.
     *
     * @param cotangents memory for what the rule chooses
     */
    void run(
            Batch inputs,
            CotangentRule rule,
            Batch representations,
            Batch cotangents,
            Batch gradients) {
        int rows = inputs.rows();
        var halfway = new ArrayList<SplitProgram.Halfway>();
        try (var scope = new Scope()) {
            int done = 0;
            while (done < rows) {
                var program = scope.own(split.take(rows - done)).program();
                int next = Math.min(rows, done + program.rows());
                var pass =
                        program.start(inputs.slice(done, next), representations.slice(done, next));
                halfway.add(scope.own(pass));
                done = next;
            }
            rule.apply(representations, cotangents);
            done = 0;
            for (var pass : halfway) {
                int next = Math.min(rows, done + pass.rows());
                pass.back(cotangents.slice(done, next), gradients.slice(done, next));
                done = next;
            }
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
