package stir.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import stir.api.Device;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.rewrite.GraphRuntime;

/** A runtime for tests of the packages that do not depend on one. */
public final class OnnxTestRuntime {
    private final OrtEnvironment environment = RuntimeLibrary.load(Fixtures.cache());
    private final Sessions sessions = new Sessions(environment, Device.CPU, 1, Path.of("graph.onnx"));

    /** Returns the evaluator of constants. */
    public GraphRuntime evaluator() {
        return sessions;
    }

    /** Opens a model. */
    public Session open(OnnxModel model) {
        return new Session(sessions.open(model));
    }

    /** An open model with one input of floats. */
    public final class Session implements AutoCloseable {
        private final OrtSession session;

        private Session(OrtSession session) {
            this.session = session;
        }

        /** Returns the value of an output. */
        public float[] run(String output, String input, float[] values, int... dims) {
            var shape = Arrays.stream(dims).asLongStream().toArray();
            try (var tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
                    var results = session.run(Map.of(input, tensor), Set.of(output))) {
                var buffer = ((OnnxTensor) results.get(0)).getFloatBuffer();
                var found = new float[buffer.remaining()];
                buffer.get(found);
                return found;
            } catch (OrtException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException e) {
                throw new AssertionError(e);
            }
        }
    }
}
