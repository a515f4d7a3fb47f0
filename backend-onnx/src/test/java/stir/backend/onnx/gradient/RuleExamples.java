package stir.backend.onnx.gradient;

import java.util.ArrayList;
import java.util.List;

/**
 * Uses of operators whose gradients are tested. An operator without an example is tested on one
 * tensor of numbers between 0 and 1, without attributes.
 */
final class RuleExamples {
    private final List<RuleExample> examples = new ArrayList<>();
    private final List<RuleExample.Builder> pending = new ArrayList<>();

    private RuleExample.Builder add(String operator, int... dims) {
        var builder = new RuleExample.Builder(operator, dims);
        pending.add(builder);
        return builder;
    }

    static List<RuleExample> of(Iterable<String> operators) {
        var all = new RuleExamples();
        all.activations();
        all.arithmetic();
        all.shapes();
        all.indices();
        all.reductions();
        all.matrices();
        all.convolutions();
        all.pooling();
        all.normalisations();
        all.interpolation();
        all.transformers();
        all.pending.forEach(builder -> all.examples.add(builder.build()));
        for (var operator : operators) {
            if (all.examples.stream().noneMatch(e -> e.node().kind().equals(operator))) {
                all.examples.add(new RuleExample.Builder(operator, 2, 3, 2).build());
            }
        }
        return all.examples;
    }

    private void activations() {
        add("LeakyRelu", 2, 12).with("alpha", 0.2);
        add("PRelu", 2, 3, 4).x().numbers(3, 1);
        add("ThresholdedRelu", 2, 12).with("alpha", 0.5);
        add("Elu", 2, 12).with("alpha", 0.7);
        add("Celu", 2, 12).with("alpha", 0.7);
        add("HardSigmoid", 2, 12).with("alpha", 0.3).with("beta", 0.4);
        add("HardSwish", 2, 12);
        add("Mish", 2, 12);
        add("Swish", 2, 12).opset(24);
        add("Swish", 2, 12).with("alpha", 1.7).opset(24);
        add("Gelu", 2, 12).opset(20);
        add("Gelu", 2, 12).with("approximate", "tanh").opset(20);
        add("Clip", 2, 12).x().scalar(0.3).scalar(0.7);
        add("Clip", 2, 12).x().none().scalar(0.6);
        add("Cast", 2, 12).with("to", 1L);
        add("CastLike", 2, 6).x().numbers(1);
    }

    private void arithmetic() {
        for (var operator : new String[] {"Add", "Sub", "Mul", "Div", "Max", "Min"}) {
            add(operator, 2, 3, 4).x().numbers(3, 1);
            add(operator, 3, 1).numbers(2, 3, 4).x();
        }
        add("Add", 2, 6).x().x();
        add("Mul", 2, 6).x().x();
        add("Sum", 2, 6).x().numbers(6).x();
        add("Mean", 2, 6).x().numbers(6).x();
        add("Max", 2, 6).x().scalar(0.45).positive(2, 6);
        add("Pow", 2, 6).x().scalar(3);
        add("Pow", 2, 6).x().scalar(0.5);
        add("Pow", 2, 6).x().numbers(2, 1);
        add("Pow", 2, 6).positive(2, 6).x();
        add("Where", 2, 6).mask(2, 6).x().numbers(2, 6);
        add("Where", 2, 6).mask(2, 6).numbers(2, 6).x();
    }

    private void shapes() {
        add("Reshape", 2, 6).x().ints(3, -1);
        add("Flatten", 2, 3, 4).with("axis", 2L);
        add("Squeeze", 2, 1, 3).x().ints(1);
        add("Unsqueeze", 2, 3).x().ints(0, -1);
        add("Transpose", 2, 3, 4);
        add("Transpose", 2, 3, 4).list("perm", 1, 2, 0);
        add("Concat", 2, 3).numbers(2, 2).x().x().with("axis", -1L);
        add("Split", 2, 6).x().ints(1, 2, 3).with("axis", 1L).outputs(3);
        add("Split", 2, 6).x().with("axis", -1L).with("num_outputs", 2L).outputs(2);
        add("Pad", 2, 3).x().ints(0, 1, 2, 3);
        add("Pad", 2, 4).x().ints(0, 1, 1, -2);
        add("Pad", 2, 4).x().ints(1, 2).none().ints(-1);
        add("Pad", 2, 4).x().ints(0, 2, 0, 3).with("mode", "reflect");
        add("Pad", 2, 4).x().ints(1, 2, 0, 3).with("mode", "edge");
        add("Pad", 2, 4).x().ints(0, 2, 0, -1).with("mode", "edge");
        add("Pad", 1, 1030).x().ints(0, 30, 0, 40).with("mode", "reflect"); // no matrix
        add("Pad", 2, 4).x().ints(0, 2, 0, 3).with("mode", "wrap").opset(19);
        add("Expand", 3, 1).x().ints(2, 3, 4);
        add("Tile", 2, 3).x().ints(2, 3);
        add("DepthToSpace", 2, 8, 2, 3).with("blocksize", 2L);
        add("DepthToSpace", 2, 8, 2, 3).with("blocksize", 2L).with("mode", "CRD");
        add("SpaceToDepth", 2, 2, 4, 6).with("blocksize", 2L);
        add("Trilu", 4, 4).with("upper", 0L);
    }

    private void indices() {
        add("Slice", 4, 6).x().ints(1, 0).ints(3, 100);
        add("Slice", 4, 6).x().ints(1).ints(6).ints(1).ints(2);
        add("Slice", 4, 7).x().ints(-1).ints(Integer.MIN_VALUE).ints(-1).ints(-2);
        add("Gather", 4, 6).x().ints(1, 2, 3).with("axis", 1L);
        add("Gather", 4, 6).x().ints(3, 0, -2);
        add("Gather", 4, 6).x().indices(new int[] {2, 2}, 1, 1, 5, 0).with("axis", 1L);
        add("Gather", 4, 6).x().indices(new int[0], 2).with("axis", 1L);
        add("GatherElements", 3, 4)
                .x()
                .indices(new int[] {2, 4}, 0, 1, 2, 0, 2, 1, 0, 0)
                .with("axis", 0L);
        add("GatherND", 3, 4).x().indices(new int[] {3, 2}, 0, 1, 2, 3, 0, 1);
        var points = new int[] {2, 2};
        add("ScatterND", 3, 4).x().indices(points, 0, 1, 2, 3).numbers(2);
        add("ScatterND", 2).numbers(3, 4).indices(points, 0, 1, 2, 3).x();
        add("ScatterND", 2).numbers(3, 4).indices(points, 0, 1, 0, 1).x().with("reduction", "add");
        add("ScatterElements", 3, 4).x().indices(points, 0, 1, 2, 0).numbers(2, 2);
        add("ScatterElements", 2, 2)
                .numbers(3, 4)
                .indices(points, 0, 1, 2, 0)
                .x()
                .with("axis", 1L);
        add("TopK", 3, 5).x().ints(2).with("axis", 1L).outputs(2);
        add("TopK", 4, 3).x().ints(1).with("axis", 0L).with("largest", 0L).outputs(2);
        add("CumSum", 3, 4).x().indices(new int[0], 1);
        add("CumSum", 3, 4).x().indices(new int[0], 0).with("exclusive", 1L).with("reverse", 1L);
        add("CumProd", 3, 4).x().indices(new int[0], 1).opset(26);
        add("CumProd", 2, 7).x().indices(new int[0], -1).with("reverse", 1L).opset(26);
        add("CumProd", 3, 4).x().indices(new int[0], 1).with("exclusive", 1L).opset(26);
        add("CumProd", 3, 4)
                .x()
                .indices(new int[0], 0)
                .with("exclusive", 1L)
                .with("reverse", 1L)
                .opset(26);
    }

    private void reductions() {
        for (var operator : new String[] {
            "ReduceSum",
            "ReduceMean",
            "ReduceSumSquare",
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMin",
            "ReduceProd"
        }) {
            add(operator, 2, 3, 4).x().ints(-1, 0).with("keepdims", 0L);
            add(operator, 2, 3, 2).x().ints(1);
            add(operator, 3, 2);
        }
        add("GlobalAveragePool", 2, 3, 4, 2);
        add("GlobalMaxPool", 2, 3, 4, 2);
        add("GlobalLpPool", 2, 3, 4, 2).with("p", 3L);
    }

    private void matrices() {
        add("MatMul", 2, 3, 4).x().numbers(4, 5);
        add("MatMul", 4, 3).numbers(2, 5, 4).x();
        add("MatMul", 2, 3, 3).x().x();
        add("MatMul", 4).x().numbers(4, 2);
        add("MatMul", 4).numbers(2, 3, 4).x();
        add("Gemm", 2, 3).x().numbers(3, 4).numbers(4).with("alpha", 0.5).with("beta", 2.0);
        add("Gemm", 3, 2).x().numbers(4, 3).with("transA", 1L).with("transB", 1L);
        add("Gemm", 3, 4).numbers(2, 3).x();
        add("Gemm", 4, 3).numbers(3, 2).x().with("transA", 1L).with("transB", 1L);
        add("Gemm", 1, 4).numbers(2, 3).numbers(3, 4).x().with("beta", 2.0);
        add("Einsum", 2, 3, 4).x().numbers(4, 5).with("equation", "bij,jk->bik");
        add("Einsum", 2, 3).numbers(4, 5).x().with("equation", "ij,bk->jb");
        add("Einsum", 3, 4).x().numbers(4, 2).with("equation", "ij,jk");
    }

    private void convolutions() {
        add("Conv", 1, 2, 5, 6).x().numbers(3, 2, 3, 2).numbers(3).list("pads", 1, 0, 1, 2);
        add("Conv", 1, 16, 4, 4).x().numbers(2, 16, 3, 3).list("pads", 1, 1, 1, 1);
        add("Conv", 1, 16, 4, 5).x().numbers(2, 16, 1, 1).list("pads", 1, 0, 2, 1);
        add("Conv", 1, 16, 5, 5).x().numbers(16, 1, 3, 3).with("group", 16L);
        add("Conv", 1, 16, 6).x().numbers(4, 8, 3).with("group", 2L).list("dilations", 2);
        add("Conv", 1, 4, 7, 6)
                .x()
                .numbers(4, 2, 3, 3)
                .with("group", 2L)
                .list("strides", 2, 3)
                .list("pads", 1, 1, 1, 1);
        add("Conv", 1, 2, 7, 7).x().numbers(2, 2, 3, 3).list("strides", 2, 2).with("auto_pad", "SAME_UPPER");
        add("Conv", 1, 2, 8).x().numbers(2, 2, 3).list("strides", 3).with("auto_pad", "SAME_LOWER");
        add("Conv", 1, 2, 3, 4, 3).x().numbers(2, 2, 2, 2, 2).list("strides", 1, 2, 1);
        add("Col2Im", 2, 8, 9).x().ints(4, 4).ints(2, 2);
        add("Col2Im", 1, 12, 4)
                .x()
                .ints(5, 6)
                .ints(3, 2)
                .list("strides", 2, 3)
                .list("dilations", 1, 2)
                .list("pads", 0, 0, 1, 0);
        add("ConvTranspose", 1, 2, 3, 4).x().numbers(2, 3, 3, 3).numbers(3);
        add("ConvTranspose", 1, 4, 3, 4)
                .x()
                .numbers(4, 1, 3, 2)
                .with("group", 2L)
                .list("strides", 2, 3)
                .list("pads", 1, 0, 0, 1)
                .list("output_padding", 1, 0);
        add("ConvTranspose", 1, 2, 3, 3)
                .x()
                .numbers(2, 2, 3, 3)
                .list("strides", 2, 2)
                .with("auto_pad", "SAME_UPPER");
        add("ConvTranspose", 1, 2, 3, 3)
                .x()
                .numbers(2, 2, 3, 3)
                .list("strides", 2, 2)
                .list("output_shape", 6, 7);
    }

    private void pooling() {
        for (var operator : new String[] {"MaxPool", "AveragePool", "LpPool"}) {
            add(operator, 1, 2, 6, 4).list("kernel_shape", 2, 2).list("strides", 2, 2);
            add(operator, 1, 2, 5, 5).list("kernel_shape", 2, 2).list("strides", 2, 2);
            add(operator, 1, 2, 5, 6).list("kernel_shape", 3, 2).list("pads", 1, 0, 1, 1);
            add(operator, 1, 2, 7).list("kernel_shape", 3).list("strides", 2);
            add(operator, 1, 16, 4, 4).list("kernel_shape", 3, 3).list("pads", 1, 1, 1, 1);
        }
        for (var operator : new String[] {"MaxPool", "AveragePool"}) {
            add(operator, 1, 2, 6, 6)
                    .list("kernel_shape", 3, 3)
                    .list("strides", 2, 2)
                    .with("ceil_mode", 1L);
            add(operator, 1, 1, 6, 6)
                    .list("kernel_shape", 3, 3)
                    .list("strides", 2, 2)
                    .with("auto_pad", "SAME_UPPER");
        }
        add("MaxPool", 1, 1, 7, 7).list("kernel_shape", 3, 3).list("dilations", 2, 2);
        add("AveragePool", 1, 2, 5, 5)
                .list("kernel_shape", 3, 3)
                .list("pads", 1, 1, 1, 1)
                .with("count_include_pad", 1L);
        add("AveragePool", 1, 2, 7, 7)
                .list("kernel_shape", 2, 2)
                .list("dilations", 2, 2)
                .opset(19);
    }

    private void normalisations() {
        add("Softmax", 2, 3, 4).with("axis", 1L);
        add("LogSoftmax", 2, 3, 4).with("axis", -1L);
        add("BatchNormalization", 2, 3, 4).x().numbers(3).numbers(3).numbers(3).positive(3);
        add("LayerNormalization", 2, 3, 4).x().numbers(4).numbers(4);
        add("LayerNormalization", 2, 3, 4).x().numbers(3, 4).with("axis", 1L);
        add("InstanceNormalization", 2, 3, 2, 4).x().numbers(3).numbers(3);
        add("GroupNormalization", 2, 4, 2, 3).x().numbers(2).numbers(2).with("num_groups", 2L);
        add("GroupNormalization", 2, 4, 2, 3)
                .x()
                .numbers(4)
                .numbers(4)
                .with("num_groups", 2L)
                .opset(21);
        add("RMSNormalization", 2, 3, 4).x().numbers(4).opset(23);
        add("SimplifiedLayerNormalization", 2, 3, 4).x().numbers(4);
        add("MeanVarianceNormalization", 2, 3, 2, 2);
        add("LRN", 2, 5, 2, 2).with("size", 3L).with("alpha", 0.5).with("bias", 2.0);
        add("LRN", 1, 6, 2, 1).with("size", 5L).with("alpha", 0.9);
        add("LpNormalization", 2, 3, 4).with("axis", 1L);
        add("LpNormalization", 2, 3, 4).with("p", 1L);
    }

    private void transformers() {
        add("Attention", 2, 2, 3, 4).x().x().x().opset(23);
        add("Attention", 2, 2, 3, 4)
                .x()
                .x()
                .x()
                .mask(3, 3)
                .with("is_causal", 0L)
                .with("scale", 0.7)
                .opset(24);
        add("Attention", 2, 3, 4)
                .x()
                .x()
                .x()
                .with("q_num_heads", 2L)
                .with("kv_num_heads", 2L)
                .with("is_causal", 1L)
                .opset(23);
        add("Attention", 2, 3, 8)
                .x()
                .numbers(2, 5, 4)
                .numbers(2, 5, 6)
                .numbers(3, 5)
                .with("q_num_heads", 4L)
                .with("kv_num_heads", 2L)
                .opset(26);
        add("Attention", 2, 5, 4)
                .numbers(2, 3, 8)
                .x()
                .x()
                .with("q_num_heads", 4L)
                .with("kv_num_heads", 2L)
                .opset(26);
        add("RotaryEmbedding", 2, 2, 3, 4).x().numbers(2, 3, 2).numbers(2, 3, 2).opset(23);
        add("RotaryEmbedding", 2, 3, 8)
                .x()
                .numbers(5, 2)
                .numbers(5, 2)
                .indices(new int[] {2, 3}, 0, 2, 4, 1, 3, 0)
                .with("num_heads", 2L)
                .with("interleaved", 1L)
                .opset(24);
    }

    private void interpolation() {
        add("Resize", 1, 2, 3, 4).x().none().none().ints(1, 2, 6, 6).with("mode", "linear");
        add("Resize", 1, 2, 3, 4).x().none().floats(1, 1, 2.5f, 2).with("mode", "nearest");
        add("Resize", 1, 2, 4, 4)
                .x()
                .none()
                .none()
                .ints(1, 2, 7, 3)
                .with("mode", "linear")
                .with("coordinate_transformation_mode", "align_corners");
        add("Resize", 1, 2, 4, 4)
                .x()
                .none()
                .floats(1, 1, 1.6f, 1.6f)
                .with("mode", "cubic")
                .with("cubic_coeff_a", -0.5);
        add("Resize", 1, 1, 6, 6)
                .x()
                .none()
                .none()
                .ints(1, 1, 3, 4)
                .with("mode", "linear")
                .with("antialias", 1L);
    }
}
