package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.backend.tf.run.TfDevices;
import stir.backend.tf.run.TfNatives;

/**
 * A comparison of the gradient of a rewritten operation with finite differences in random
 * directions, and of its value with that of the original operation, computed without TensorFlow's
 * graph optimiser.
 */
final class FiniteDifferences {
    private static final stir.api.Shape INPUT = stir.api.Shape.of(6, 6, 4);
    private static final int ROWS = 2;
    private static final double STEP = 3e-4;

    private FiniteDifferences() {}

    /**
     * Checks an operation.
     *
     * @param folder the folder for its graph
     * @param name the name of the case
     * @param body returns the function with the operation, built with the case's tools
     */
    static void check(Path folder, String name, Function<OperationCase, OperationCase.Body> body) throws IOException {
        TfNatives.load(Models.cache());
        var file = folder.resolve(name.replaceAll("\\W", "") + ".pb");
        var plain = new float[1][];
        var inputs = random(INPUT, ROWS, 3);
        try (var graph = new Graph()) {
            var tools = new OperationCase(graph);
            var x = tools.tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 6, 6, 4)));
            var y = body.apply(tools).apply(x);
            var result = tools.tf.withName("result").math.add(y, tools.tf.constant(0f));
            Files.write(file, graph.toGraphDef().toByteArray());
            plain[0] = run(graph, x, result, inputs);
        }
        try (var model = Models.open(file);
                var hook = model.hook("result", new HookOptions(INPUT))) {
            var row = hook.layer().shape();
            UnaryOperator<Batch> represent = batch -> {
                var representations = Batch.allocate(ROWS, row);
                hook.represent(batch, representations);
                return representations;
            };
            var values = represent.apply(inputs);
            if (!name.startsWith("Einsum")) { // the original value of Einsum is wrong: FixtureGradientTest
                Errors.assertClose(doubles(plain[0]), values.toArray(), 1e-5, "value");
            }
            var cotangents = random(row, ROWS, 4);
            var gradients = Batch.allocate(ROWS, INPUT);
            hook.pullback(inputs, cotangents, gradients);
            double worst = 0;
            for (int seed = 10; seed < 15; seed++) {
                var direction = random(INPUT, ROWS, seed);
                double slope = (dot(represent.apply(moved(inputs, direction, STEP)), cotangents)
                                - dot(represent.apply(moved(inputs, direction, -STEP)), cotangents))
                        / (2 * STEP);
                double size = Math.sqrt(dot(gradients, gradients)) * Math.sqrt(dot(direction, direction));
                worst = Math.max(worst, Math.abs(slope - dot(gradients, direction)) / size);
            }
            assertTrue(worst < 2e-3, "error of the slope relative to its largest value: " + worst);
            assertTrue(dot(gradients, gradients) > 0, "gradient 0");
            assertEquals(ROWS, gradients.rows());
        }
    }

    private static float[] run(Graph graph, Operand<TFloat32> x, Operand<TFloat32> y, Batch inputs) {
        var config = TfDevices.config(stir.api.Device.CPU, 2).toBuilder();
        config.getGraphOptionsBuilder().getRewriteOptionsBuilder().setDisableMetaOptimizer(true);
        try (var session = new org.tensorflow.Session(graph, config.build());
                var tensor = TFloat32.tensorOf(
                        Shape.of(ROWS, 6, 6, 4), org.tensorflow.ndarray.buffer.DataBuffers.of(inputs.toArray()));
                var result = session.runner().feed(x, tensor).fetch(y).run()) {
            assertEquals(DataType.DT_FLOAT, result.get(0).dataType());
            var values = new float[(int) result.get(0).shape().size()];
            ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(values);
            return values;
        }
    }

    /** Returns values around 1, where the functions are smooth enough. */
    private static Batch random(stir.api.Shape row, int rows, long seed) {
        var random = new Random(seed);
        var batch = Batch.allocate(rows, row);
        for (int i = 0; i < batch.buffer().limit(); i++) {
            batch.buffer().put(i, (float) random.nextGaussian());
        }
        return batch;
    }

    private static Batch moved(Batch batch, Batch direction, double step) {
        var moved = batch.copy();
        for (int i = 0; i < moved.buffer().limit(); i++) {
            moved.buffer().put(i, (float)
                    (batch.buffer().get(i) + step * direction.buffer().get(i)));
        }
        return moved;
    }

    private static double dot(Batch a, Batch b) {
        double sum = 0;
        for (int i = 0; i < a.buffer().limit(); i++) {
            sum += (double) a.buffer().get(i) * b.buffer().get(i);
        }
        return sum;
    }

    private static double[] doubles(float[] values) {
        var doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
