package stir.backend.djl.libtorch;

import stir.api.support.NetworkGraph.Kind;

import java.util.Map;

/** What libtorch's functions do to a value. */
public final class AtenKinds {
    private static final Map<String, Kind> KINDS =
            Kind.table(
                    """
                    IDENTITY contiguous clone to _to_copy dropout dropout1d dropout2d dropout3d feature_dropout
                    RESHAPE flatten reshape view _unsafe_view squeeze unsqueeze unflatten
                    TRANSPOSITION transpose permute
                    RELU relu
                    RELU6 relu6
                    POOLING max_pool1d max_pool2d max_pool3d _max_pool1d _max_pool2d _max_pool3d
                    POOLING avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d
                    POOLING adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d
                    POOLING mean amax
                    SELECTION select slice
                    PROBABILITIES softmax log_softmax sigmoid _softmax _log_softmax
                    DENSE linear addmm mm
                    CONVOLUTION conv1d conv2d conv3d convolution _convolution
                    COMBINATION add sub mul div cat stack
                    RECURRENT lstm gru rnn_tanh rnn_relu
                    HIDDEN layer_norm batch_norm group_norm instance_norm rms_norm
                    HIDDEN gelu silu hardswish mish elu leaky_relu tanh\
                    """);

    private AtenKinds() {}

    /**
     * Returns what a function does. A pooling may be a mean, and a convolution may have a kernel of
     * one pixel, as the arguments decide.
     *
     * @param function its name without its namespace; with an underscore at its end if it works in
     *     place
     */
    public static Kind of(String function) {
        return KINDS.getOrDefault(function.replaceFirst("_$", ""), Kind.OTHER);
    }

    /** Returns the index of the input among the arguments of a dense layer. */
    public static int input(String function) {
        return function.equals("addmm") ? 1 : 0;
    }
}
