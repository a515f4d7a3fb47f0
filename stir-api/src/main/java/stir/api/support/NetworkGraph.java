package stir.api.support;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.Experimental;

/**
 * A view of a network's graph at inference: for each value, the operator that computes it, what
 * this operator does, and the values that it reads. {@link GraphAnalysis} needs no more of a
 * backend.
 *
 * @param <V> the name of a value, with {@code equals}
 * @since 0.1.0
 */
@Experimental
@FunctionalInterface
public interface NetworkGraph<V> {
    /** The effect of an operator on the first value that it reads. */
    enum Kind {
        /** Nothing at inference: a copy, a dropout. */
        IDENTITY,
        /** Another shape of the same values in the same order. */
        RESHAPE,
        /** Another order of the dimensions. */
        TRANSPOSITION,
        /** A ReLU. */
        RELU,
        /** A ReLU with an upper limit. */
        RELU6,
        /** The mean over all positions. */
        MEAN,
        /** Another pooling, or a mean whose dimensions are unknown. */
        POOLING,
        /** A part, such as one token. */
        SELECTION,
        /** A softmax or a sigmoid, or their logarithm. */
        PROBABILITIES,
        /** A matrix product with a weight. */
        DENSE,
        /** A convolution, transposed or not, with a kernel of several pixels or an unknown one. */
        CONVOLUTION,
        /** The same with a kernel of one pixel. */
        PIXEL_CONVOLUTION,
        /** A bias that follows a dense layer or a convolution. */
        BIAS,
        /** A sum, product or concatenation of values and constants: also a scale. */
        COMBINATION,
        /** One of several values, as control flow decides. */
        CHOICE,
        /** A normalisation, or an activation that {@link #RELU} does not cover. */
        HIDDEN,
        /** A recurrent layer. */
        RECURRENT,
        /** Anything else. */
        OTHER;

        /**
         * Returns the kinds of operators by their names.
         *
         * @param table one line per kind: the kind's name, then operators, separated by spaces
         */
        public static Map<String, Kind> table(String table) {
            var kinds = new HashMap<String, Kind>();
            for (var line : table.lines().toList()) {
                var words = List.of(line.split(" ", -1));
                words.stream().skip(1).forEach(name -> kinds.put(name, valueOf(words.get(0))));
            }
            return Map.copyOf(kinds);
        }
    }

    /**
     * An operator.
     *
     * @param inputs the values that it reads and that depend on the network's input, without
     *     weights and constants; the transformed value first
     */
    @Experimental
    record Operator<V>(Kind kind, List<V> inputs) {
        /** Copies the inputs. */
        public Operator {
            inputs = List.copyOf(inputs);
        }
    }

    /** Returns the operator that computes a value; empty for the network's input. */
    Optional<Operator<V>> producer(V value);
}
