package stir.backend.onnx.gradient;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Node;

/**
 * The backward step of one node: its tensors, the gradients of its outputs, and the gradients that
 * a rule computes for its inputs.
 */
public final class Backward {
    private final Tape tape;
    private final Node node;
    private final List<@Nullable Value> gradients;
    private final Set<String> wanted;
    private final Map<Integer, Value> given = new HashMap<>();

    Backward(Tape tape, Node node, List<@Nullable Value> gradients, Set<String> wanted) {
        this.tape = tape;
        this.node = node;
        this.gradients = gradients;
        this.wanted = wanted;
    }

    public Node node() {
        return node;
    }

    /** Returns the tape that records new tensors. */
    public Tape tape() {
        return tape;
    }

    /** Adds a node with one output of floats. */
    Value emit(String operator, List<Value> operands, Map<String, Attribute> attributes, int... dims) {
        return tape.emit(operator, operands, attributes, dims);
    }

    /** Returns whether an optional input is present. */
    public boolean has(int input) {
        return !node.input(input).isEmpty();
    }

    public Value input(int index) {
        return tape.value(node.input(index));
    }

    public Value output(int index) {
        return tape.value(node.output(index));
    }

    /** Returns an optional output, which the node computes from now on. */
    public Value extraOutput(int index, ElementType type, int... dims) {
        return tape.extraOutput(node, index, type, dims);
    }

    /** Returns the gradient of the only output that has one, the first. */
    public Value gradient() {
        return gradient(0).orElseThrow(() -> refuse("only its first output has a gradient rule"));
    }

    /** Returns the gradient of an output; empty if nothing depends on it. */
    public Optional<Value> gradient(int output) {
        return Optional.ofNullable(output < gradients.size() ? gradients.get(output) : null);
    }

    /** Returns whether an input depends on the variable of the derivative. */
    public boolean wants(int input) {
        return wanted.contains(node.input(input));
    }

    /**
     * Sets an input's gradient, summed over broadcast axes.
     *
     * @param input the input; if it needs no gradient, nothing is computed
     * @param gradient the function that computes the gradient
     */
    public void give(int input, Supplier<Value> gradient) {
        if (wants(input)) {
            given.put(input, gradient.get().sumTo(input(input).dims()));
        }
    }

    /** Returns the gradients that the rule set, by input. */
    Map<Integer, Value> given() {
        return given;
    }

    /**
     * Returns the elements of an input of integers.
     *
     * @throws NoGradientException if they are not constant
     */
    public int[] integers(int input) {
        var constant = input(input).constant();
        if (constant.isEmpty()) {
            throw refuse("its input " + input + " depends on the values of the model's input");
        }
        var longs = constant.get().toLongs();
        var values = new int[longs.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, longs[i]));
        }
        return values;
    }

    /** Returns the exception to throw if a rule does not support a node's attributes or inputs. */
    public NoGradientException refuse(String why) {
        return new NoGradientException(node + " has no gradient: " + why);
    }
}
