package stir.backend.djl.libtorch;

/**
 * PyTorch's fast path of multi-head attention, which has no derivative. Tracing under {@code
 * no_grad} writes it into an archive; a script takes it only if no gradient is requested.
 */
public final class FusedAttention {
    /** The operator of {@code torch.nn.MultiheadAttention}'s fast path. */
    public static final String OPERATOR = "_native_multi_head_attention";

    /** The operator of {@code torch.nn.TransformerEncoderLayer}'s fast path. */
    public static final String ENCODER = "_transformer_encoder_layer_fwd";

    /** The line of a listing at which it begins. */
    public static final String MARK = "!fused-attention";

    /** Advice on how to avoid it, to end a sentence. */
    public static final String ADVICE =
            "the fast path of its attention has no gradient: export it again after torch.backends.mha.set_fastpath_enabled(False), or with torch.jit.script.";

    private FusedAttention() {}

    /** Returns whether a function is such an attention. */
    public static boolean is(String function) {
        return function.equals(OPERATOR) || function.equals(ENCODER);
    }
}
