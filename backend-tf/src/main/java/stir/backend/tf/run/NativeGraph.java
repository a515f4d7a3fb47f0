package stir.backend.tf.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_ImportGraphDefOptions;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import stir.backend.tf.graph.TensorName;

/**
 * A native graph with a session, through TensorFlow's C functions, because its Java classes lack
 * partial runs ({@link GraphRuns}). Thread-safe; closing waits for running calls.
 *
 * <p>Failures are thrown as TensorFlow's Java classes throw them: as one of several runtime
 * exceptions without a common supertype of their own.
 */
public final class NativeGraph implements AutoCloseable {
    private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
    private final TF_Graph graph = tensorflow.TF_NewGraph();
    private final TF_Session session;
    private boolean closed;

    /** Creates an empty graph. */
    @SuppressWarnings("try") // the scope owns the objects created inside
    public NativeGraph(ConfigProto config) {
        TF_Session made = null;
        try (var scope = new PointerScope()) {
            var status = TF_Status.newStatus();
            var options = TF_SessionOptions.newSessionOptions();
            var bytes = config.toByteArray();
            tensorflow.TF_SetConfig(options, new BytePointer(bytes), bytes.length, status);
            status.throwExceptionIfNotOK();
            made = tensorflow.TF_NewSession(graph, options, status);
            status.throwExceptionIfNotOK();
            session = made;
        } finally {
            if (made == null) {
                tensorflow.TF_DeleteGraph(graph);
            }
        }
    }

    /**
     * Adds nodes.
     *
     * @param taken the existing tensors that the nodes read, by the names that they use for them
     */
    public void add(GraphDef nodes, Map<String, TensorName> taken) {
        inScope(status -> {
            var options = TF_ImportGraphDefOptions.newImportGraphDefOptions();
            taken.forEach((name, value) ->
                    tensorflow.TF_ImportGraphDefOptionsAddInputMapping(options, name, 0, outputs(List.of(value))));
            tensorflow.TF_GraphImportGraphDef(graph, TF_Buffer.newBufferFromString(nodes), options, status);
        });
    }

    /**
     * Adds the nodes that compute the gradient of {@code <cotangents, of>} with respect to a
     * tensor.
     *
     * @param prefix the prefix of the nodes' names, which must be new
     */
    public TensorName addGradient(String prefix, TensorName of, TensorName by, TensorName cotangents) {
        var gradients = new ArrayList<TensorName>();
        inScope(status -> {
            var gradient = new TF_Output(1);
            tensorflow.TF_AddGradientsWithPrefix(
                    graph,
                    prefix,
                    outputs(List.of(of)),
                    1,
                    outputs(List.of(by)),
                    1,
                    outputs(List.of(cotangents)),
                    status,
                    gradient);
            status.throwExceptionIfNotOK();
            var operation = gradient.oper();
            if (operation == null) {
                throw new IllegalArgumentException("it does not depend on the input");
            }
            gradients.add(new TensorName(tensorflow.TF_OperationName(operation).getString(), gradient.index()));
        });
        return gradients.get(0);
    }

    /** Returns the type of a tensor's elements. */
    public DataType type(TensorName tensor) {
        var types = new ArrayList<DataType>();
        inScope(status -> types.add(DataType.forNumber(tensorflow.TF_OperationOutputType(outputs(List.of(tensor))))));
        return types.get(0);
    }

    /** Calls native functions, protected from closing, and frees their arguments. */
    @SuppressWarnings("try") // the scope owns the objects created inside
    void inScope(Consumer<TF_Status> calls) {
        open.readLock().lock();
        try (var scope = new PointerScope()) {
            if (closed) {
                throw new IllegalStateException("The graph is closed");
            }
            var status = TF_Status.newStatus();
            calls.accept(status);
            status.throwExceptionIfNotOK();
        } finally {
            open.readLock().unlock();
        }
    }

    TF_Operation operation(String node) {
        @Nullable TF_Operation operation = tensorflow.TF_GraphOperationByName(graph, node);
        if (operation == null) {
            throw new IllegalArgumentException("there is no node " + node);
        }
        return operation;
    }

    TF_Output outputs(Collection<TensorName> tensors) {
        var outputs = new TF_Output(tensors.size());
        int i = 0;
        for (TensorName tensor : tensors) {
            outputs.getPointer(i++).oper(operation(tensor.node())).index(tensor.index());
        }
        return outputs;
    }

    /** Returns the native handle of the session. */
    TF_Session session() {
        return session;
    }

    @Override
    @SuppressWarnings("try") // the scope owns the objects created inside
    public void close() {
        open.writeLock().lock();
        try (var scope = new PointerScope()) {
            if (!closed) {
                closed = true;
                var status = TF_Status.newStatus();
                tensorflow.TF_CloseSession(session, status);
                tensorflow.TF_DeleteSession(session, status);
                tensorflow.TF_DeleteGraph(graph);
            }
        } finally {
            open.writeLock().unlock();
        }
    }
}
