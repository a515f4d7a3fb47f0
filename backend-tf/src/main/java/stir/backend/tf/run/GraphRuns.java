package stir.backend.tf.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.RunOptions;
import stir.api.BackendException;
import stir.api.StirException;
import stir.backend.tf.graph.TensorFlowMessages;
import stir.backend.tf.graph.TensorName;

/**
 * Runs of a native graph.
 *
 * @param graph the graph
 * @param inPart whether partial runs are used; TensorFlow tests them on the CPU alone
 */
public record GraphRuns(NativeGraph graph, boolean inPart) {
    private static final RunOptions IN_CALLING_THREAD =
            RunOptions.newBuilder().setInterOpThreadPool(-1).build();

    /** Runs a node without outputs. */
    public void run(String node) {
        graph.inScope(status -> tensorflow.TF_SessionRun(
                graph.session(),
                TF_Buffer.newBufferFromString(IN_CALLING_THREAD),
                null,
                (PointerPointer<?>) null,
                0,
                null,
                (PointerPointer<?>) null,
                0,
                new PointerPointer<TF_Operation>(1).put(0, graph.operation(node)),
                1,
                null,
                status));
    }

    /**
     * Computes some tensors in the calling thread.
     *
     * @param read the consumer that receives the tensors in their order; they are closed afterwards
     */
    public void run(Map<TensorName, NativeTensor> fed, List<TensorName> fetched, Consumer<List<NativeTensor>> read) {
        graph.inScope(status -> {
            var results = new PointerPointer<TF_Tensor>(fetched.size());
            tensorflow.TF_SessionRun(
                    graph.session(),
                    TF_Buffer.newBufferFromString(IN_CALLING_THREAD),
                    graph.outputs(fed.keySet()),
                    handles(fed.values()),
                    fed.size(),
                    graph.outputs(fetched),
                    results,
                    fetched.size(),
                    (PointerPointer<?>) null,
                    0,
                    null,
                    status);
            requireDone(status);
            take(results, fetched.size(), read);
        });
    }

    /**
     * Runs up to a tensor, lets a rule compute another tensor from it, and continues from there. A
     * partial run computes the values in between once, and they stay in native memory. Without
     * partial runs, these values are computed twice.
     *
     * @param fed the first tensors that are fed
     * @param middle the tensor that the rule receives
     * @param rule the function that returns a tensor of the same shape and passes on its ownership
     * @param second the tensor to which that is fed
     * @param last the final result
     * @param read the consumer that receives the result; it is closed afterwards
     */
    public void runInTwoSteps(
            Map<TensorName, NativeTensor> fed,
            TensorName middle,
            Function<NativeTensor, NativeTensor> rule,
            TensorName second,
            TensorName last,
            Consumer<NativeTensor> read) {
        if (!inPart) {
            run(fed, List.of(middle), values -> {
                var all = new LinkedHashMap<>(fed);
                try (var made = rule.apply(values.get(0))) {
                    all.put(second, made);
                    run(all, List.of(last), results -> read.accept(results.get(0)));
                }
            });
            return;
        }
        graph.inScope(status -> {
            var handle = new PointerPointer<BytePointer>(1);
            var all = new ArrayList<>(fed.keySet());
            all.add(second);
            tensorflow.TF_SessionPRunSetup(
                    graph.session(),
                    graph.outputs(all),
                    all.size(),
                    graph.outputs(List.of(middle, last)),
                    2,
                    (PointerPointer<?>) null,
                    0,
                    handle,
                    status);
            requireDone(status);
            var run = handle.get(BytePointer.class, 0);
            try {
                step(run, fed, middle, values -> secondStep(run, values, rule, second, last, read));
            } finally {
                tensorflow.TF_DeletePRunHandle(run);
            }
        });
    }

    /** Runs the second step, even if the rule fails, because it ends the run. */
    private void secondStep(
            BytePointer run,
            NativeTensor values,
            Function<NativeTensor, NativeTensor> rule,
            TensorName second,
            TensorName last,
            Consumer<NativeTensor> read) {
        NativeTensor made;
        try {
            made = rule.apply(values);
        } catch (RuntimeException | Error e) {
            try (var nothing = values.zeros()) {
                step(run, Map.of(second, nothing), last, unread -> {});
            } catch (StirException failure) {
                e.addSuppressed(failure);
            }
            throw e;
        }
        try (made) {
            step(run, Map.of(second, made), last, read);
        }
    }

    private void step(
            BytePointer run, Map<TensorName, NativeTensor> fed, TensorName fetched, Consumer<NativeTensor> read) {
        graph.inScope(status -> {
            var results = new PointerPointer<TF_Tensor>(1);
            tensorflow.TF_SessionPRun(
                    graph.session(),
                    run,
                    graph.outputs(fed.keySet()),
                    handles(fed.values()),
                    fed.size(),
                    graph.outputs(List.of(fetched)),
                    results,
                    1,
                    (PointerPointer<?>) null,
                    0,
                    status);
            requireDone(status);
            take(results, 1, tensors -> read.accept(tensors.get(0)));
        });
    }

    private static void requireDone(TF_Status status) {
        try {
            status.throwExceptionIfNotOK();
        } catch (TFResourceExhaustedException e) {
            throw new BackendException(
                    "TensorFlow ran out of memory (%s): use a smaller batch size, or another layer."
                            .formatted(TensorFlowMessages.reason(e)),
                    e);
        } catch (RuntimeException e) { // TensorFlow's exceptions have no other common supertype
            throw new BackendException(
                    "TensorFlow could not compute a batch (%s): choose an earlier layer, or export the model again."
                            .formatted(TensorFlowMessages.reason(e)),
                    e);
        }
    }

    private static void take(PointerPointer<TF_Tensor> results, int count, Consumer<List<NativeTensor>> read) {
        var tensors = new ArrayList<NativeTensor>();
        for (int i = 0; i < count; i++) {
            tensors.add(new NativeTensor(results.get(TF_Tensor.class, i)));
        }
        try {
            read.accept(tensors);
        } finally {
            tensors.forEach(NativeTensor::close);
        }
    }

    private static PointerPointer<TF_Tensor> handles(Collection<NativeTensor> tensors) {
        return new PointerPointer<>(tensors.stream().map(NativeTensor::handle).toArray(TF_Tensor[]::new));
    }
}
