package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/**
 * The number of rounds of a loop that depends on constants alone. Only the state that the loop's
 * condition depends on is computed.
 */
final class LoopLength {
    private static final String ROUND = "stir/round";
    private static final String ROUNDS = "stir/rounds";
    private static final String MOST = "stir/most";

    private final Node loop;
    private final Graph body;
    private final List<String> bodyInputs;
    private final List<TensorType> types;
    private final List<String> bodyOutputs;

    private LoopLength(Node loop, Graph body) {
        this.loop = loop;
        this.body = body;
        this.bodyInputs = List.copyOf(body.inputs().keySet());
        this.types = List.copyOf(body.inputs().values());
        this.bodyOutputs = List.copyOf(body.outputs().keySet());
    }

    /**
     * Counts a loop's rounds.
     *
     * @param model the surrounding model, which provides the constants
     * @param most the largest number to count to
     * @return the number; empty if it is larger or depends on more than constants
     */
    static OptionalInt of(Node loop, Graph body, OnnxModel model, int most, GraphRuntime evaluator) {
        return new LoopLength(loop, body).count(model, most, evaluator);
    }

    private OptionalInt count(OnnxModel model, int most, GraphRuntime evaluator) {
        var constants = new LinkedHashMap<>(model.graph().initialisers());
        long limit = most + 1L;
        if (!loop.input(0).isEmpty()) {
            var count = constants.get(loop.input(0));
            if (count == null) {
                return OptionalInt.empty();
            }
            limit = Math.min(limit, count.toLongs()[0]);
        }
        constants.put(MOST, Tensor.scalar(limit));
        var counting = counting();
        if (!counting.reads().allMatch(constants::containsKey)) {
            return OptionalInt.empty();
        }
        Map<String, TensorType> wanted = Map.of(ROUNDS, TensorType.unranked(ElementType.INT64));
        var graph = new Graph(List.of(counting), constants, Map.of(), wanted).cut(wanted);
        var rounds = evaluator.evaluate(model.with(graph)).get(ROUNDS);
        if (rounds == null || rounds.size() > most) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Math.toIntExact(rounds.size()));
    }

    /** Returns the loop, reduced to its condition, with the rounds' numbers as its result. */
    private Node counting() {
        var states = new TreeSet<Integer>();
        var wanted = new LinkedHashMap<String, TensorType>();
        wanted.put(bodyOutputs.get(0), TensorType.unranked(ElementType.BOOL));
        Graph part = body.cut(wanted);
        while (grow(states, part)) {
            states.forEach(i -> wanted.put(bodyOutputs.get(i - 1), unranked(types.get(i))));
            part = body.cut(wanted);
        }
        var inputs = new LinkedHashMap<String, TensorType>();
        var operands = new ArrayList<>(List.of(MOST, loop.input(1)));
        inputs.put(bodyInputs.get(0), types.get(0));
        inputs.put(bodyInputs.get(1), types.get(1));
        var results = new ArrayList<String>();
        for (int i : states) {
            inputs.put(bodyInputs.get(i), types.get(i));
            operands.add(loop.input(i));
            results.add("stir/state" + i);
        }
        results.add(ROUNDS);
        var nodes = new ArrayList<>(part.nodes());
        nodes.add(Node.of("Identity", ROUND, List.of(bodyInputs.get(0)), Map.of()));
        var outputs = new LinkedHashMap<>(wanted);
        outputs.put(ROUND, TensorType.unranked(ElementType.INT64));
        var counted = new Graph(nodes, part.initialisers(), inputs, outputs);
        var attributes = Map.<String, Attribute>of("body", new Attribute.OfGraph(counted));
        return Node.of("Loop", loop.name(), operands, results, attributes);
    }

    /** Adds the states that a part of the body reads; returns whether there are new ones. */
    private boolean grow(Set<Integer> states, Graph part) {
        var read = part.withInputs(Map.of()).captured();
        boolean more = false;
        for (int i = 2; i < bodyInputs.size(); i++) {
            more |= read.contains(bodyInputs.get(i)) && states.add(i);
        }
        return more;
    }

    /** Removes the shape from a type, since a state may grow from round to round. */
    private static TensorType unranked(TensorType type) {
        return TensorType.unranked(type.type());
    }
}
