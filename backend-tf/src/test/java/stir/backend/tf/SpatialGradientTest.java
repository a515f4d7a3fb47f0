package stir.backend.tf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import stir.api.contract.Numerical;
import stir.backend.tf.rewrite.SpatialRewrites;

/**
 * Each operation of {@link SpatialRewrites} in a separate graph, compared with finite differences.
 */
@Numerical
class SpatialGradientTest {
    @TempDir
    Path folder;

    @TestFactory
    List<DynamicTest> gradientsAgreeWithFiniteDifferences() {
        var tests = new ArrayList<DynamicTest>();
        add(
                tests,
                "Conv2D with dilations",
                c -> x -> c.first(convolution(c, x, "SAME").setAttr("dilations", longs(1, 2, 3, 1))));
        add(
                tests,
                "Conv2D with dilations, unpadded",
                c -> x -> c.first(convolution(c, x, "VALID").setAttr("dilations", longs(1, 2, 2, 1))));
        add(
                tests,
                "Conv2D with explicit padding",
                c -> x -> c.first(
                        convolution(c, x, "EXPLICIT").setAttr("explicit_paddings", longs(0, 0, 1, 2, 0, 1, 0, 0))));
        add(
                tests,
                "Conv2D with both",
                c -> x -> c.first(convolution(c, x, "EXPLICIT")
                        .setAttr("dilations", longs(1, 2, 2, 1))
                        .setAttr("explicit_paddings", longs(0, 0, 2, 2, 1, 1, 0, 0))));
        add(
                tests,
                "Conv2D with groups and a bias",
                c -> x -> c.apply("BiasAdd", c.first(grouped(c, x, 2, 1, "SAME")), c.weights(6)));
        add(tests, "Conv2D with a group for each channel, a bias and an ELU", c -> x -> {
            var convolution = c.first(grouped(c, x, 4, 1, "SAME"));
            return c.tf.nn.elu(c.apply("BiasAdd", convolution, c.weights(8)));
        });
        for (int groups : List.of(2, 4)) {
            add(
                    tests,
                    "Conv2D with %d groups, explicit padding and dilations".formatted(groups),
                    c -> x -> c.first(grouped(c, x, groups, 1, "EXPLICIT")
                            .setAttr("explicit_paddings", longs(0, 0, 2, 1, 1, 0, 0, 0))
                            .setAttr("dilations", longs(1, 2, 2, 1))));
        }
        add(
                tests,
                "Conv2D with a group for each channel and two strides",
                c -> x -> c.first(grouped(c, x, 4, 2, "SAME")));
        add(
                tests,
                "Conv2D with groups and a batch normalisation",
                c -> x -> c.first(c.op("FusedBatchNormV3")
                        .addInput(c.first(grouped(c, x, 2, 1, "SAME")).asOutput())
                        .addInput(c.positive(6).asOutput())
                        .addInput(c.weights(6).asOutput())
                        .addInput(c.weights(6).asOutput())
                        .addInput(c.positive(6).asOutput())
                        .setAttr("is_training", false)));
        add(
                tests,
                "MaxPool with explicit padding",
                c -> x -> c.first(pooling(c, "MaxPool", x)
                        .setAttr("padding", "EXPLICIT")
                        .setAttr("explicit_paddings", longs(0, 0, 1, 1, 0, 1, 0, 0))));
        add(
                tests,
                "MaxPoolWithArgmax",
                c -> x -> c.first(pooling(c, "MaxPoolWithArgmax", x).setAttr("padding", "VALID")));
        for (String padding : List.of("Pad", "MirrorPad", "PadV2")) {
            add(tests, padding + " by 64-bit numbers", c -> x -> {
                var paddings = c.tf.constant(new long[][] {{0, 0}, {1, 2}, {0, 1}, {0, 0}});
                var builder =
                        c.op(padding).addInput(c.tf.math.square(x).asOutput()).addInput(paddings.asOutput());
                if (padding.equals("MirrorPad")) {
                    builder.setAttr("mode", "REFLECT");
                }
                if (padding.equals("PadV2")) {
                    builder.addInput(c.tf.constant(1f).asOutput());
                }
                return c.first(builder);
            });
        }
        return tests;
    }

    private static long[] longs(long... values) {
        return values;
    }

    private static GraphOperationBuilder convolution(OperationCase c, Operand<TFloat32> x, String padding) {
        return c.op("Conv2D")
                .addInput(x.asOutput())
                .addInput(c.weights(3, 2, 4, 3).asOutput())
                .setAttr("strides", longs(1, 1, 1, 1))
                .setAttr("padding", padding);
    }

    private static GraphOperationBuilder grouped(
            OperationCase c, Operand<TFloat32> x, int groups, int stride, String padding) {
        return c.op("Conv2D", "grouped")
                .addInput(x.asOutput())
                .addInput(c.weights(3, 2, 4 / groups, groups == 4 ? 8 : 6).asOutput())
                .setAttr("strides", longs(1, 1, stride, 1))
                .setAttr("padding", padding);
    }

    private static GraphOperationBuilder pooling(OperationCase c, String type, Operand<TFloat32> x) {
        return c.op(type)
                .addInput(x.asOutput())
                .setAttr("ksize", longs(1, 2, 2, 1))
                .setAttr("strides", longs(1, 2, 2, 1));
    }

    private void add(List<DynamicTest> tests, String name, Function<OperationCase, OperationCase.Body> body) {
        tests.add(DynamicTest.dynamicTest(name, () -> FiniteDifferences.check(folder, name, body)));
    }
}
