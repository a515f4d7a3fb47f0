package stir.backend.onnx;

import ai.onnxruntime.OnnxTensor;

import stir.api.Batch;
import stir.api.Scope;
import stir.backend.onnx.gradient.Halves;
import stir.backend.onnx.gradient.PassGraph;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A way forward and a way back for one batch size. Between them the values that the way back needs
 * stay in the runtime's memory. May be run from several threads.
 */
final class SplitProgram implements FixedRows {
    private final Program forward;
    private final Program backward;
    private final Set<String> handedOver;
    private final String input;

    SplitProgram(Sessions sessions, Halves halves, String input, int rows) {
        this.handedOver = halves.handedOver();
        this.input = input;
        this.forward = new Program(sessions, halves.forward(), rows);
        try {
            this.backward = new Program(sessions, halves.backward(), rows);
        } catch (RuntimeException e) {
            forward.close();
            throw e;
        }
    }

    @Override
    public int rows() {
        return forward.rows();
    }

    /** A pass that has gone forward and waits for the cotangents. */
    final class Halfway implements AutoCloseable {
        private final Scope scope = new Scope();
        private final Map<String, OnnxTensor> values = new HashMap<>();

        private Halfway(Batch inputs, Batch representations) {
            try {
                var feeds = forward.feeds(scope, Map.of(input, inputs));
                var wanted = Map.of(PassGraph.REPRESENTATION, representations);
                values.putAll(forward.run(scope, feeds, wanted, handedOver));
                if (backward.inputs().contains(input)) {
                    values.putAll(feeds);
                }
                if (backward.inputs().contains(PassGraph.REPRESENTATION)) {
                    values.putAll(backward.feeds(scope, wanted));
                }
            } catch (RuntimeException e) {
                scope.close();
                throw e;
            }
        }

        /** Goes back, once or several times. */
        void back(Batch cotangents, Batch gradients) {
            try (var run = new Scope()) {
                var feeds = backward.feeds(run, Map.of(PassGraph.COTANGENT, cotangents));
                feeds.putAll(values);
                backward.run(run, feeds, Map.of(PassGraph.GRADIENT, gradients), Set.of());
            }
        }

        /** Frees the values. */
        @Override
        public void close() {
            scope.close();
        }
    }

    /** Goes forward and writes the representations, which nobody changes until the way back. */
    Halfway start(Batch inputs, Batch representations) {
        return new Halfway(inputs, representations);
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            scope.own(forward);
            scope.own(backward);
        }
    }
}
