package stir.backend.onnx.gradient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.StaticGraph;

/**
 * Reverse-mode differentiation of a graph: visits nodes from an output to the input and applies
 * each node's gradient rule.
 */
public final class Differentiation {
    /** The maximum number of operators without a gradient that a message names. */
    private static final int SHOWN = 3;

    /** The maximum number of outputs of a node that are tried one by one. */
    private static final int SEPARATE = 16;

    private final StaticGraph graph;
    private final Map<String, Float> passed;
    private final Set<String> active;

    /**
     * Prepares the derivative of a graph's tensors with respect to its first input.
     *
     * @param passed the outputs of nodes that pass a share of their gradients to their first input
     *     unchanged, and the rest by their rule
     */
    public Differentiation(StaticGraph graph, Map<String, Float> passed) {
        this.graph = graph;
        this.passed = Map.copyOf(passed);
        this.active = Activity.of(graph.graph(), input());
    }

    private String input() {
        return graph.graph().inputs().keySet().iterator().next();
    }

    /**
     * Adds the nodes that compute the gradient of {@code <cotangent, output>} with respect to the
     * input.
     *
     * @param tape the tape to add to, created from this graph
     * @param output a tensor of the graph
     * @param cotangent a value of the output's dimensions
     * @throws NoGradientException if any operator in between has no gradient; the message names
     *     them
     */
    public Value gradient(Tape tape, String output, Value cotangent) {
        if (!active.contains(output)) {
            throw new NoGradientException("'%s' does not depend on the input, or only in steps".formatted(output));
        }
        var gradients = new Gradients();
        gradients.add(output, cotangent);
        var missing = new LinkedHashMap<Node, String>();
        var nodes = graph.graph().nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            var node = nodes.get(i);
            if (node.writes().anyMatch(gradients::has) && node.reads().anyMatch(active::contains)) {
                try {
                    step(tape, node, gradients);
                } catch (NoGradientException e) {
                    missing.put(node, e.getMessage());
                    giveUp(tape, node, gradients);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new NoGradientException(summary(missing));
        }
        return gradients.has(input())
                ? gradients.total(input())
                : tape.zeros(tape.value(input()).dims());
    }

    private void step(Tape tape, Node node, Gradients gradients) {
        var back = backward(tape, node, gradients);
        float share = passed.getOrDefault(node.output(0), 0f);
        if (share == 1) {
            back.give(0, back::gradient);
        } else {
            GradientRules.rule(node).apply(back);
        }
        if (share > 0 && share < 1 && back.given().containsKey(0)) {
            var byRule = back.given().get(0).times(1 - share);
            back.give(0, () -> byRule.plus(back.gradient().times(share)));
        }
        back.given().forEach((input, gradient) -> gradients.add(node.input(input), gradient));
    }

    private Backward backward(Tape tape, Node node, Gradients gradients) {
        var reached = new ArrayList<@Nullable Value>();
        node.outputs().forEach(output -> reached.add(gradients.has(output) ? gradients.total(output) : null));
        return new Backward(tape, node, reached, active);
    }

    /** Passes zeros on from a node without a gradient, so that all such nodes are found at once. */
    private void giveUp(Tape tape, Node node, Gradients gradients) {
        for (var input : node.reads().filter(active::contains).toList()) {
            var type = graph.types().get(input);
            if (type != null && type.isStatic()) {
                gradients.add(input, tape.zeros(type.toArray()));
            }
        }
    }

    /** Returns a message with the first node per operator and the number of further ones. */
    private static String summary(Map<Node, String> backwards) {
        var kinds = new TreeMap<String, String>();
        var counts = new HashMap<String, Integer>();
        backwards.forEach((node, message) -> {
            kinds.put(node.kind(), message);
            counts.merge(node.kind(), 1, Integer::sum);
        });
        var sentences = new ArrayList<String>();
        kinds.forEach((kind, message) -> {
            int more = counts.getOrDefault(kind, 1) - 1;
            sentences.add(more == 0 ? message : message + " (and " + more + " more)");
        });
        return sentences.size() > SHOWN
                ? "%s; and %d more operators"
                        .formatted(String.join("; ", sentences.subList(0, SHOWN)), sentences.size() - SHOWN)
                : String.join("; ", sentences);
    }

    /**
     * Returns the tensors without a gradient with respect to the input, each with the first reason.
     *
     * @return reasons without a full stop, by tensor
     */
    public Map<String, String> obstacles() {
        var obstacles = new HashMap<String, String>();
        var trial = new Tape(graph);
        for (var node : graph.graph().nodes()) {
            if (node.reads().noneMatch(active::contains)) {
                continue;
            }
            var reason = node.reads()
                    .filter(active::contains) // a step function only selects
                    .filter(obstacles::containsKey)
                    .map(obstacles::get)
                    .findFirst();
            if (reason.isPresent()) {
                node.writes().forEach(name -> obstacles.put(name, reason.get()));
            } else {
                obstacles.putAll(obstacles(trial, node));
            }
        }
        return obstacles;
    }

    /**
     * Returns the reasons for a node's outputs without a gradient. A rule may refuse some outputs
     * only, which often have names but no readers.
     */
    private Map<String, String> obstacles(Tape trial, Node node) {
        var outputs = node.writes().toList();
        var all = obstacle(trial, node, outputs);
        var obstacles = new HashMap<String, String>();
        if (all.isPresent()) {
            for (var output : outputs) {
                boolean separate = outputs.size() > 1 && outputs.size() <= SEPARATE && isReal(output);
                var reason = separate ? obstacle(trial, node, List.of(output)) : all;
                reason.ifPresent(text -> obstacles.put(output, text));
            }
        }
        return obstacles;
    }

    private boolean isReal(String tensor) {
        var type = graph.types().get(tensor);
        return type != null && type.type().isReal();
    }

    private Optional<String> obstacle(Tape trial, Node node, List<String> outputs) {
        if (node.writes().noneMatch(active::contains)) {
            return Optional.of(node + " is a step function, whose gradient is 0");
        }
        try {
            var gradients = new Gradients();
            for (var output : outputs) {
                if (trial.value(output).type().isReal()) {
                    gradients.add(output, trial.zeros(trial.value(output).dims()));
                }
            }
            step(trial, node, gradients);
            return Optional.empty();
        } catch (NoGradientException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Returns the tensors with a derivative with respect to the input. */
    public Set<String> active() {
        return Set.copyOf(active);
    }
}
