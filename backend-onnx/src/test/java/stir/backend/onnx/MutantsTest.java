package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Shape;
import stir.api.testing.MutantRun;
import stir.api.testing.Mutants;

/**
 * Broken models: each is refused in one sentence, or opens and gives finite numbers. Each build
 * tries a few; {@code -Dstir.mutants=1000} tries that many per model, from the seed {@code
 * -Dstir.mutants.first}, and writes {@code target/mutants.md}.
 */
@Tag("slow")
class MutantsTest {
    private static final String OPERATORS_AND_ATTRIBUTES = """
            Abs Acos Add And ArgMax ArgMin Asin Attention AveragePool BatchNormalization Bernoulli
            BitShift BitwiseAnd Cast CastLike Ceil Celu CenterCropPad Clip Col2Im Compress Concat
            ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos CumProd
            CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear
            Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND
            Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GridSample GroupNormalization
            HammingWindow HardSigmoid HardSwish Hardmax Identity If ImageDecoder
            InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less Log
            LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool
            MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial
            Neg NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement PRelu Pad Pow
            QLinearConv QuantizeLinear RNN RandomNormal RandomNormalLike RandomUniform Range
            Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceMax ReduceMean ReduceProd ReduceSum
            Relu Reshape Resize ReverseSequence RmsNormalization RoiAlign RotaryEmbedding Round STFT
            Scan ScatterElements ScatterND Selu SequenceAt SequenceConstruct SequenceInsert Shape
            Shrink Sigmoid Sign Sin Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign
            SpaceToDepth Split SplitToSequence Sqrt Squeeze StringNormalizer Sub Sum Swish Tan Tanh
            TensorScatter TfIdfVectorizer ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze
            Upsample Where Xor
            activations allowzero alpha auto_pad axes axis beta block_size blocksize body ceil_mode
            count_include_pad cubic_coeff_a dilations direction dtype else_branch epsilon equation
            group hidden_size is_causal keepdims kernel_shape largest mode momentum noop_with_empty_axes
            num_heads num_outputs output_height output_padding output_shape p pads perm reduction
            size sorted spatial_scale stash_type storage_order strides then_branch to training_mode
            transA transB upper value
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "fixtures/vgg0, 1x28x28, 38500000",
        "fixtures/vit0, 1x28x28, 38600000",
        "variants/control, 4, 38700000",
        "variants/function, 3x16x16, 38800000"
    })
    void eachIsRefusedOrComputes(String network, String input, long seeds) throws Exception {
        int count = Integer.getInteger("stir.mutants", 6);
        long first = seeds + Long.getLong("stir.mutants.first", 0);
        var words = List.of(OPERATORS_AND_ATTRIBUTES.strip().split("\\s+", -1));
        var result = mutants(network, input).withWords(words).run(folder, first, count);
        result.append(network);
        assertEquals(List.of(), result.failures());
        assertEquals(count, result.refused() + result.computed());
        assertTrue(result.refused() > count / 5, "most damage is detected");
    }

    @ParameterizedTest
    @CsvSource({
        "fixtures/vgg0, 1x28x28, 500271", // a layer with more numbers than an int counts
        "fixtures/vgg0, 1x28x28, 500209", // a stride of zero, which ended the process
        "fixtures/vit0, 1x28x28, 600073", // a normalisation from a missing axis
        "fixtures/vit0, 1x28x28, 600233", // a permutation with an axis that does not exist
        "variants/function, 3x16x16, 800444", // reported in terms of C++
        "fixtures/vit0, 1x28x28, 601008", // a permutation with a missing axis
        "variants/function, 3x16x16, 801097", // a window without axes
        "variants/function, 3x16x16, 801016" // refused only during a pass
    })
    void mutantsThatWereOnceAcceptedAreRefused(String network, String input, long seed) throws Exception {
        var result = mutants(network, input).run(folder, seed, 1);
        assertEquals(List.of(), result.failures());
    }

    private static MutantRun mutants(String network, String input) {
        return new MutantRun(
                OnnxBackendProvider.class,
                Path.of("src", "test", "resources", network + ".onnx"),
                "",
                Mutants.Format.PROTOBUF,
                Shape.parse(input),
                Fixtures.cache());
    }
}
