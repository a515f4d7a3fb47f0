package stir.backend.tf.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all scopes of a graph that is being flattened share.
 *
 * @param functions the graph's functions
 * @param boundInputs for each function, the object graph's nodes whose values its last inputs are;
 *     empty without an object graph
 * @param keepsControl whether control dependencies tell which branch a node is in
 * @param calls the calls that were opened so far; grows
 * @param names the names that are taken in the flat graph; grows
 * @param variables for each variable's handle in the flat graph, its node in the object graph;
 *     grows
 */
record Flattening(
        OpRegistry ops,
        FunctionLibrary functions,
        Map<String, List<Integer>> boundInputs,
        boolean keepsControl,
        AtomicInteger calls,
        Set<String> names,
        Map<String, Integer> variables) {
    private static final int MOST_CALLS = 100_000;

    Flattening(
            OpRegistry ops,
            FunctionLibrary functions,
            Map<String, List<Integer>> boundInputs,
            boolean keepsControl) {
        this(
                ops,
                functions,
                boundInputs,
                keepsControl,
                new AtomicInteger(),
                new HashSet<>(),
                new HashMap<>());
    }

    /** Counts a call, of which functions that call each other twice and twice make any number. */
    void countCall() {
        if (calls.incrementAndGet() > MOST_CALLS) {
            throw Messages.damaged("there are over " + MOST_CALLS + " calls of functions");
        }
    }

    /** A name that is not taken, and now is. */
    String uniqueName(String wanted) {
        var name = wanted;
        for (int i = 1; !names.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
