package stir.backend.djl;

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
 * Broken archives: each is refused in one sentence, or opens and gives finite numbers. Each build
 * tries a few; {@code -Dstir.mutants=1000} tries that many per network, from the seed {@code
 * -Dstir.mutants.first}, and writes {@code target/mutants.md}.
 */
@Tag("slow")
class MutantsTest {
    private static final String OPERATORS = """
            relu gelu silu tanh sigmoid softplus leaky_relu hardtanh elu celu selu mish prelu
            softmax log_softmax dropout alpha_dropout feature_dropout bernoulli rand_like randn_like
            empty_like zeros_like ones_like full_like max_pool2d avg_pool2d adaptive_avg_pool2d
            adaptive_max_pool2d lp_pool2d flatten unflatten reshape view squeeze unsqueeze permute
            transpose t flip roll rot90 tril triu cumsum cumprod sort argsort topk kthvalue median
            mode unique nonzero where mean sum prod std var norm min max amax amin argmax any all
            isnan abs neg exp log sqrt rsqrt reciprocal sin cos erf erfinv lgamma digamma pow
            add sub mul div floor_divide remainder fmod matmul mm bmm linear addmm einsum
            _convolution conv1d conv2d conv3d conv_transpose2d batch_norm layer_norm group_norm
            instance_norm embedding gather scatter index_select masked_fill repeat expand as_strided
            unfold fold pad constant_pad_nd pixel_shuffle grid_sampler upsample_nearest2d cat stack
            chunk split fft_fft linalg_inv linalg_svd cholesky det quantize_per_tensor to_sparse
            to_mkldnn resize_ set_ detach clone contiguous item numel size
            save load from_file Tensor int float bool
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "vgg0.trace.pt, 38000000, TORCHSCRIPT, 1x28x28, 8",
        "vit0.script.pt, 38100000, TORCHSCRIPT, 1x28x28, 8",
        "exported.newer.pt2, 38200000, PROGRAM, 3x8x8, 8",
        "exported.older.pt2, 38300000, PROGRAM, 3x8x8, 8"
    })
    void eachIsRefusedOrComputes(String network, long seeds, Mutants.Format format, String input, int usually)
            throws Exception {
        int count = Integer.getInteger("stir.mutants", usually);
        long first = seeds + Long.getLong("stir.mutants.first", 0);
        var operators = List.of(OPERATORS.strip().split("\\s+", -1));
        var program =
                operators.stream().map("torch.ops.aten.%s.default"::formatted).toList();
        var result = new MutantRun(
                        DjlBackendProvider.class,
                        Fixture.file(network),
                        "",
                        format,
                        Shape.parse(input),
                        Fixture.cache())
                .withWords(format == Mutants.Format.PROGRAM ? program : operators)
                .run(folder, first, count);
        result.append(network);
        assertEquals(List.of(), result.failures());
        assertEquals(count, result.refused() + result.computed());
        assertTrue(result.refused() > count / 4, "most damage is detected");
    }
}
