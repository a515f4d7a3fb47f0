package stir.backend.djl.libtorch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import stir.api.support.NetworkGraph.Kind;

/** Facts about libtorch's functions, by their names without a namespace. */
public final class AtenFunctions {
    private static final Map<String, Kind> KINDS = Kind.table("""
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
                    CONVOLUTION conv_transpose1d conv_transpose2d conv_transpose3d
                    COMBINATION add sub mul div cat stack
                    RECURRENT lstm gru rnn_tanh rnn_relu
                    HIDDEN layer_norm batch_norm group_norm instance_norm rms_norm
                    HIDDEN gelu silu hardswish mish elu leaky_relu tanh\
                    """);

    /** The function whose statistics may be those of the batch. */
    public static final String NORMALISATION = "batch_norm";

    /** Operators that change their first argument; {@code detach_} leaves the values alone. */
    public static final Pattern CHANGES = Pattern.compile("(?!detach_|requires_grad_).*[a-z0-9]_"
            + "|_set_item|Delete|setattr|set_data|append|extend|insert|pop|popitem"
            + "|remove|clear|reverse|update|setdefault");

    /** Operators whose result shares the memory of their first argument, or is that argument. */
    public static final Pattern VIEWS =
            Pattern.compile("_?(reshape|view|conj|neg_view|unsafe_view|unwrap_optional)(_as.*|_alias)?"
                    + "|alias|as_strided|detach|data|expand(_as)?|contiguous|flatten"
                    + "|(unsafe_|tensor_|.)?(split|chunk)(_with_sizes)?|unflatten|ravel"
                    + "|imag|real|lift.*|m[TH]|numpy_T|adjoint|matrix_H|move(axis|dim)"
                    + "|narrow|permute|positive|resolve_.*|rename|refine_names|align_.*"
                    + "|select|slice|squeeze|swap(axes|dims)|t|to|type_as|cpu|cuda"
                    + "|transpose|unbind|unfold|unsqueeze|diagonal|broadcast_.*"
                    + "|atleast_.*|meshgrid|(feature_)?(alpha_)?dropout|.*[a-z0-9]_");

    /** The sizes of a pooling over all positions: {@code 1}, {@code [1, 1]}. */
    private static final Pattern ONE = Pattern.compile("1|\\[1(, 1)*\\]");

    /** Literal dimensions: {@code [2, 3]}. */
    private static final Pattern LITERAL = Pattern.compile("\\[-?\\d+(, -?\\d+)*\\]");

    private static final List<String> RESULTS = List.of("", " last state", " last cell state");

    private AtenFunctions() {}

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

    /**
     * Returns the dimensions that a function takes the mean of, over all positions; empty if it
     * does not, or if they are unknown.
     *
     * @param option its second argument: dimensions, or the size of the result
     */
    public static Optional<String> dimensions(String function, String option) {
        boolean all = ONE.matcher(option).matches();
        return switch (function) {
            case "mean" ->
                Optional.of(option).filter(text -> LITERAL.matcher(text).matches());
            case "adaptive_avg_pool1d" -> Optional.of("[-1]").filter(last -> all);
            case "adaptive_avg_pool2d" -> Optional.of("[-2, -1]").filter(last -> all);
            case "adaptive_avg_pool3d" -> Optional.of("[-3, -2, -1]").filter(last -> all);
            default -> Optional.empty();
        };
    }

    /** Returns whether a function is a recurrent layer. */
    public static boolean isRecurrent(String function) {
        return of(function) == Kind.RECURRENT;
    }

    /**
     * Returns the end of a layer's kind, which states the result of a recurrent function.
     *
     * @param place the place of the value among the function's results
     */
    public static String resultAt(int place) {
        return place >= 0 && place < RESULTS.size() ? RESULTS.get(place) : "";
    }

    /** Returns the index of the argument that selects training, or -1. */
    public static int modeArgument(String function) {
        return switch (function) {
            case NORMALISATION -> 5;
            case "dropout", "dropout_", "feature_dropout", "feature_dropout_" -> 2;
            case "alpha_dropout", "feature_alpha_dropout", "native_dropout" -> 2;
            default -> -1;
        };
    }
}
