package stir.backend.tf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import stir.api.contract.Numerical;
import stir.backend.tf.rewrite.GradientRewrites;

/**
 * Each operation of {@link GradientRewrites} in a separate graph, compared with finite differences.
 */
@Numerical
class OperationGradientTest {
    @TempDir
    Path folder;

    @TestFactory
    List<DynamicTest> gradientsAgreeWithFiniteDifferences() {
        var tests = new ArrayList<DynamicTest>();
        add(tests, "Erfc", c -> x -> c.apply("Erfc", x));
        add(tests, "IdentityN", c -> x -> {
            var square = c.tf.math.square(x);
            var both = c.op("IdentityN")
                    .addInputList(new Output<?>[] {x.asOutput(), square.asOutput()})
                    .build();
            Output<TFloat32> a = both.output(0);
            Output<TFloat32> b = both.output(1);
            return c.tf.math.add(a, c.tf.math.mul(b, a));
        });
        add(
                tests,
                "EnsureShape",
                c -> x -> c.first(c.op("EnsureShape")
                        .addInput(c.tf.math.square(x).asOutput())
                        .setAttr("shape", Shape.of(-1, 6, 6, 4))));
        add(tests, "FusedBatchNorm", c -> x -> batchNorm(c, "FusedBatchNorm", x));
        add(tests, "FusedBatchNormV2", c -> x -> batchNorm(c, "FusedBatchNormV2", x));
        add(tests, "Gather", c -> x -> {
            var rows = c.tf.shape.size(c.tf.shape(x), c.tf.constant(0));
            var all = c.tf.range(c.tf.constant(0), c.tf.reshape(rows, c.tf.constant(new int[0])), c.tf.constant(1));
            return c.apply("Gather", c.tf.math.square(x), all);
        });
        add(
                tests,
                "GatherV2 of a negative axis",
                c -> x -> c.apply("GatherV2", c.tf.math.square(x), c.tf.array(0, 2, 2), c.tf.constant(-1)));
        add(
                tests,
                "Concat",
                c -> x -> c.first(
                        c.op("Concat").addInput(c.tf.constant(3).asOutput()).addInputList(new Output<?>[] {
                            x.asOutput(), c.tf.math.square(x).asOutput()
                        })));
        add(tests, "EuclideanNorm", c -> x -> c.apply("EuclideanNorm", x, c.tf.array(1, 2)));
        add(tests, "MulNoNan", c -> x -> c.apply("MulNoNan", x, c.tf.math.add(x, c.tf.constant(1f))));
        add(tests, "FloorMod", c -> x -> c.apply("FloorMod", c.tf.math.square(x), c.tf.constant(50f)));
        for (String step : List.of("Ceil", "Round", "Rint")) {
            add(tests, step, c -> x -> {
                var flat = c.tf.math.mul(x, c.tf.constant(1e-3f));
                var inside = c.tf.math.add(flat, c.tf.constant(0.3f));
                return c.tf.math.add(c.tf.math.square(x), c.apply(step, inside));
            });
        }
        for (String division : List.of("FloorDiv", "TruncateDiv")) {
            add(
                    tests,
                    division,
                    c -> x -> c.tf.math.add(
                            c.tf.math.square(x), c.apply(division, c.tf.math.square(x), c.tf.constant(1e3f))));
        }
        add(
                tests,
                "Cast through integers",
                c -> x -> c.tf.math.add(
                        c.tf.math.square(x),
                        c.tf.dtypes.cast(
                                c.tf.dtypes.cast(c.tf.math.mul(x, c.tf.constant(1e-3f)), TInt32.class),
                                TFloat32.class)));
        add(tests, "LogSoftmax of rank 4", c -> x -> c.apply("LogSoftmax", x));
        add(
                tests,
                "LogSoftmax of rank 3",
                c -> x -> c.apply("LogSoftmax", c.tf.reshape(x, c.tf.constant(new int[] {-1, 36, 4}))));
        add(
                tests,
                "Einsum with an ellipsis",
                c -> x -> c.first(c.op("Einsum")
                        .addInputList(
                                new Output<?>[] {x.asOutput(), c.weights(4, 5).asOutput()})
                        .setAttr("equation", "...c,cd->...d")));
        add(tests, "a random mask that depends only on the input's shape", c -> x -> {
            var zeros = c.tf.math.mul(c.tf.random.randomUniform(c.tf.shape(x), TFloat32.class), c.tf.constant(0f));
            return c.tf.math.add(c.tf.math.square(x), zeros);
        });
        return tests;
    }

    private static Operand<TFloat32> batchNorm(OperationCase c, String type, Operand<TFloat32> x) {
        return c.first(c.op(type)
                .addInput(x.asOutput())
                .addInput(c.positive(4).asOutput())
                .addInput(c.weights(4).asOutput())
                .addInput(c.weights(4).asOutput())
                .addInput(c.positive(4).asOutput())
                .setAttr("is_training", false));
    }

    private void add(List<DynamicTest> tests, String name, Function<OperationCase, OperationCase.Body> body) {
        tests.add(DynamicTest.dynamicTest(name, () -> FiniteDifferences.check(folder, name, body)));
    }
}
