package stir.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Scope;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.RefusedGraphException;
import stir.backend.onnx.rewrite.StaticGraph;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A graph for one batch size, open in the runtime. May be run from several threads. */
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
                    "ONNX Runtime does not take the network with its gradient (%s): hook another layer."
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /** The number of rows that it computes. */
    int rows() {
        return rows;
    }

    /**
     * Runs the graph on the callers' memory: nothing is copied.
     *
     * @param given rows of every input, by name
     * @param wanted where the outputs that are wanted are written, by name
     */
    void run(Map<String, Batch> given, Map<String, Batch> wanted) {
        try (var scope = new Scope()) {
            var feeds = tensors(scope, given, inputs);
            var results = tensors(scope, wanted, outputs);
            scope.own(session.run(feeds, Set.of(), results));
        } catch (OrtException e) {
            throw new BackendException(
                    "ONNX Runtime could not run the network (%s): take a smaller batch size if memory ran out."
                            .formatted(Sessions.refused(e).getMessage()),
                    e);
        }
    }

    private Map<String, OnnxTensor> tensors(
            Scope scope, Map<String, Batch> buffers, Map<String, TensorType> types)
            throws OrtException {
        var tensors = new HashMap<String, OnnxTensor>();
        for (var entry : buffers.entrySet()) {
            var type = types.get(entry.getKey());
            if (type == null) {
                throw new IllegalArgumentException("There is no " + entry.getKey());
            }
            var dims = type.dims().stream().mapToLong(Long::longValue).toArray();
            tensors.put(
                    entry.getKey(),
                    scope.own(
                            OnnxTensor.createTensor(
                                    sessions.environment(), entry.getValue().buffer(), dims)));
        }
        return tensors;
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
