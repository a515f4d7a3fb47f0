package stir.backend.onnx.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stir.backend.onnx.graph.ElementType;

/** Gradients of the operators of transformers. */
final class AttentionRules {
    /**
     * The maximum number of elements of a causal mask: every pass computes the mask and holds it in
     * memory.
     */
    private static final int LARGEST_MASK = 1 << 26;

    private AttentionRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("Attention", AttentionRules::attention);
        rules.put("RotaryEmbedding", GradientRule.ofFirstAlone("its angles", AttentionRules::rotation));
    }

    /** Rotates the gradient back, by the opposite angles. */
    private static Value rotation(Backward node) {
        var operands = new ArrayList<>(List.of(node.gradient(), node.input(1)));
        operands.add(node.input(2).negative());
        if (node.has(3)) {
            operands.add(node.input(3));
        }
        var dims = node.input(0).dims();
        return node.emit("RotaryEmbedding", operands, node.node().attributes(), dims);
    }

    /**
     * Propagates through softmax(scale q k' + mask) v. The softmax is recomputed, since the forward
     * pass does not return it.
     */
    private static void attention(Backward node) {
        for (int i = 3; i < node.node().inputs().size(); i++) {
            if (node.wants(i)) {
                throw node.refuse("its mask or its cache depends on the model's input");
            }
        }
        if (node.has(4) || node.has(5)) {
            throw node.refuse("it continues a cache of keys and values (past_key, past_value)");
        }
        if (node.has(6)) {
            throw node.refuse("it has a number of keys per input (nonpad_kv_seqlen)");
        }
        if (node.node().real("softcap", 0) != 0) {
            throw node.refuse("it limits its attention scores (softcap)");
        }
        for (int i = 1; i < node.node().outputs().size(); i++) {
            if (node.gradient(i).isPresent()) {
                throw node.refuse("only its first output has a gradient rule");
            }
        }
        int heads = (int) node.node().integer("q_num_heads", 0);
        int keyHeads = (int) node.node().integer("kv_num_heads", 0);
        var query = new Heads(node.input(0), heads);
        var key = new Heads(node.input(1), keyHeads);
        var value = new Heads(node.input(2), keyHeads);
        if (query.count() < 1 || key.count() < 1) {
            throw node.refuse("its number of heads is unknown");
        }
        int groups = query.count() / key.count();
        var q = query.split();
        var k = key.repeated(groups);
        var v = value.repeated(groups);
        double scale = node.node().real("scale", (float) (1 / Math.sqrt(q.dim(3))));
        var scores = q.matmul(k.swapLast()).times(scale);
        for (var mask : masks(node, q.dim(2), k.dim(2))) {
            scores = scores.plus(mask);
        }
        var axis = AttributeBuilder.of("axis", -1);
        var probabilities = node.emit("Softmax", List.of(scores), axis, scores.dims());
        var gradient = new Heads(node.gradient(), heads).split();
        var weighted = gradient.matmul(v.swapLast()).times(probabilities);
        var back = weighted.minus(probabilities.times(weighted.sum(3))).times(scale);
        node.give(0, () -> query.merged(back.matmul(k)));
        node.give(1, () -> key.merged(back.swapLast().matmul(q)));
        node.give(2, () -> value.merged(probabilities.swapLast().matmul(gradient)));
    }

    /** Returns the masks that are added to the attention scores. */
    private static List<Value> masks(Backward node, int queries, int keys) {
        var masks = new ArrayList<Value>();
        if (node.has(3)) {
            var mask = node.input(3);
            masks.add(mask.type() == ElementType.BOOL ? mask.choose(0, -Float.MAX_VALUE) : mask);
        }
        if (node.node().integer("is_causal", 0) != 0) {
            if ((long) queries * keys > LARGEST_MASK) {
                throw node.refuse(
                        "its mask of %d x %d exceeds the limit of %d values".formatted(queries, keys, LARGEST_MASK));
            }
            var tape = node.tape();
            var positions = tape.integers(Dims.range(0, queries)).reshape(queries, 1);
            masks.add(tape.integers(Dims.range(0, keys)).isGreater(positions).choose(Double.NEGATIVE_INFINITY, 0));
        }
        return masks;
    }

    /**
     * A tensor of several heads.
     *
     * @param packed the tensor in the form of the operator: batch x positions x values, or batch x
     *     heads x positions x values
     * @param stated the number of heads that an attribute states, which a tensor of rank 3 needs
     */
    private record Heads(Value packed, int stated) {
        private static final int[] EXCHANGED = {0, 2, 1, 3};

        int count() {
            return packed.rank() == 4 ? packed.dim(1) : stated;
        }

        /** Returns the tensor as batch x heads x positions x values. */
        Value split() {
            return packed.rank() == 4
                    ? packed
                    : packed.reshape(packed.dim(0), packed.dim(1), stated, packed.dim(2) / stated)
                            .transpose(EXCHANGED);
        }

        /**
         * Returns {@link #split} with each head repeated, for queries that share keys and values.
         */
        Value repeated(int times) {
            var split = split();
            int[] dims = split.dims();
            return times == 1
                    ? split
                    : split.reshape(dims[0], dims[1], 1, dims[2], dims[3])
                            .expand(dims[0], dims[1], times, dims[2], dims[3])
                            .reshape(dims[0], dims[1] * times, dims[2], dims[3]);
        }

        /** Returns a gradient of {@link #repeated} or {@link #split} in the packed form. */
        Value merged(Value gradient) {
            int[] dims = gradient.dims();
            int times = dims[1] / count();
            var sum = times == 1
                    ? gradient
                    : gradient.reshape(dims[0], count(), times, dims[2], dims[3])
                            .sum(2)
                            .reshape(dims[0], count(), dims[2], dims[3]);
            return packed.rank() == 4 ? sum : sum.transpose(EXCHANGED).reshape(packed.dims());
        }
    }
}
