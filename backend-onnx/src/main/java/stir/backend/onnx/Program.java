package stir.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Scope;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.RefusedGraphException;

/** A graph for one batch size, open in the runtime. Thread-safe. */
final class Program implements AutoCloseable {
    private final Sessions sessions;
    private final OrtSession session;
    private final Map<String, TensorType> inputs;
    private final Map<String, TensorType> outputs;
    private final int rows;

    Program(Sessions sessions, StaticGraph graph, int rows) {
        this.sessions = sessions;
        this.session = open(sessions, graph);
        this.inputs = graph.graph().inputs();
        this.outputs = graph.graph().outputs();
        this.rows = rows;
    }

    private static OrtSession open(Sessions sessions, StaticGraph graph) {
        try {
            return sessions.open(graph.model());
        } catch (RefusedGraphException | OnnxFormatException e) {
            throw new BackendException(
                    "ONNX Runtime rejects %s with its gradient (%s): hook another layer."
                            .formatted(sessions.file(), e.getMessage()),
                    e);
        }
    }

    /**
     * Runs the graph on the callers' memory. Nothing is copied unless there are fewer rows than the
     * program has, which are then padded.
     *
     * @param given rows of every input, by name
     * @param wanted the map that receives the selected outputs, by name
     */
    void run(Map<String, Batch> given, Map<String, Batch> wanted) {
        try (var scope = new Scope()) {
            run(scope, feeds(scope, given), wanted, Set.of());
        }
    }

    /**
     * Creates the inputs of a run.
     *
     * @param scope the scope that receives ownership of them
     * @param given rows of inputs, by name; those that the graph does not have are left out
     */
    Map<String, OnnxTensor> feeds(Scope scope, Map<String, Batch> given) {
        var feeds = new HashMap<String, OnnxTensor>();
        given.forEach((name, batch) -> {
            if (inputs.containsKey(name)) {
                feeds.put(name, tensor(scope, name, fill(batch), inputs));
            }
        });
        return feeds;
    }

    /**
     * Runs the graph.
     *
     * @param scope the scope that receives ownership of the kept outputs
     * @param feeds all inputs, by name
     * @param wanted the map that receives some outputs, by name
     * @param kept outputs that stay in the runtime's memory
     * @return the kept outputs, by name
     */
    Map<String, OnnxTensor> run(
            Scope scope, Map<String, OnnxTensor> feeds, Map<String, Batch> wanted, Set<String> kept) {
        try (var results = new Scope()) {
            var pinned = new HashMap<String, OnnxTensor>();
            var whole = new HashMap<String, Batch>();
            wanted.forEach((name, batch) -> whole.put(name, whole(batch)));
            whole.forEach((name, batch) -> pinned.put(name, tensor(results, name, batch, outputs)));
            var sessionResult = scope.own(session.run(feeds, kept, pinned));
            wanted.forEach((name, batch) -> copyBack(whole.getOrDefault(name, batch), batch));
            var stay = new HashMap<String, OnnxTensor>();
            for (var result : sessionResult) {
                if (kept.contains(result.getKey()) && result.getValue() instanceof OnnxTensor tensor) {
                    stay.put(result.getKey(), tensor);
                }
            }
            return stay;
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    /** Pads a batch with copies of its last row, which cause no unusual values. */
    private Batch fill(Batch batch) {
        if (batch.rows() == rows) {
            return batch;
        }
        var filled = Batch.allocate(rows, batch.rowShape());
        for (int row = 0; row < rows; row++) {
            filled.copyRow(batch, Math.min(row, batch.rows() - 1), row);
        }
        return filled;
    }

    private Batch whole(Batch batch) {
        return batch.rows() == rows ? batch : Batch.allocate(rows, batch.rowShape());
    }

    private static void copyBack(Batch whole, Batch batch) {
        if (whole.rows() != batch.rows()) {
            batch.buffer().put(0, whole.buffer(), 0, batch.rows() * batch.rowSize());
        }
    }

    private OnnxTensor tensor(Scope scope, String name, Batch batch, Map<String, TensorType> types) {
        var type = types.get(name);
        if (type == null) {
            throw new IllegalArgumentException("Unknown tensor " + name);
        }
        var dims = type.toLongs();
        try {
            return scope.own(
                    type.type() == ElementType.FLOAT
                            ? OnnxTensor.createTensor(sessions.environment(), batch.buffer(), dims)
                            : OnnxTensor.createTensor(
                                    sessions.environment(),
                                    Sides.bytes(batch, type.type()),
                                    dims,
                                    OnnxJavaType.valueOf(type.type().name())));
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    private BackendException failed(OrtException e) {
        return new BackendException(
                "ONNX Runtime could not run %s (%s): %s."
                        .formatted(
                                sessions.file(),
                                RuntimeMessage.of(e),
                                RuntimeMessage.isAboutMemory(e)
                                        ? "use a smaller batch size, or another layer"
                                        : "check that the file is complete and accepts such inputs"),
                e);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new BackendException("ONNX Runtime could not free a network.", e);
        }
    }
}
