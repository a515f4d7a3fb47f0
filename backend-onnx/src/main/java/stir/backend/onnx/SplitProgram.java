package stir.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import stir.api.Batch;
import stir.api.Scope;
import stir.backend.onnx.gradient.PassGraph;
import stir.backend.onnx.gradient.SplitGraph;

/**
 * A forward and a backward program for one batch size. The saved tensors stay in the runtime's
 * memory in between. Thread-safe.
 */
final class SplitProgram implements AutoCloseable {
    private final Program forward;
    private final Program backward;
    private final Set<String> saved;

    SplitProgram(Sessions sessions, SplitGraph graphs, int rows) {
        this.saved = graphs.saved();
        this.forward = new Program(sessions, graphs.forward(), rows);
        try {
            this.backward = new Program(sessions, graphs.backward(), rows);
        } catch (RuntimeException e) {
            forward.close();
            throw e;
        }
    }

    /** A pass whose forward half is done and whose cotangents are outstanding. */
    final class PendingPass implements AutoCloseable {
        private final Scope scope = new Scope();
        private final Map<String, OnnxTensor> values = new HashMap<>();

        private PendingPass(Map<String, Batch> given, Batch representations) {
            try {
                var wanted = Map.of(PassGraph.REPRESENTATION, representations);
                values.putAll(forward.run(scope, forward.feeds(scope, given), wanted, saved));
                values.putAll(backward.feeds(scope, given));
                values.putAll(backward.feeds(scope, wanted));
            } catch (RuntimeException e) {
                scope.close();
                throw e;
            }
        }

        /** Runs the backward half; may be called repeatedly. */
        void backward(Batch cotangents, Batch gradients) {
            try (var run = new Scope()) {
                var feeds = backward.feeds(run, Map.of(PassGraph.COTANGENT, cotangents));
                feeds.putAll(values);
                backward.run(run, feeds, Map.of(PassGraph.GRADIENT, gradients), Set.of());
            }
        }

        /** Frees the saved tensors. */
        @Override
        public void close() {
            scope.close();
        }
    }

    /** Runs the forward half; the representations must not change until the backward half. */
    PendingPass start(Map<String, Batch> given, Batch representations) {
        return new PendingPass(given, representations);
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            scope.own(forward);
            scope.own(backward);
        }
    }
}
