package stir.backend.tf.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import stir.api.DataException;

/**
 * The state that all scopes share while a graph is being flattened.
 *
 * @param functions the graph's functions
 * @param boundInputs for each function, the object graph's nodes of its last inputs; empty without
 *     an object graph
 * @param keepsControl whether control dependencies determine the branch of a node
 * @param calls the number of calls opened so far; grows
 * @param names the names used in the flat graph; grows
 * @param variables the nodes in the object graph, by the variables' handles in the flat graph;
 *     grows
 * @param changes the changes of variables; grows
 */
record Flattening(
        OpRegistry ops,
        FunctionLibrary functions,
        Map<String, List<Integer>> boundInputs,
        boolean keepsControl,
        AtomicInteger calls,
        Set<String> names,
        Map<String, Integer> variables,
        StateChanges changes) {
    private static final int MAX_CALLS = 100_000;
    private static final int MAX_NAME = 1000;
    private static final int MAX_SCOPES = 100;

    /** The length of names that can't have too many scopes. */
    private static final int SHORT_NAME = MAX_SCOPES;

    private static final int SHOWN_OF_NAME = 40;

    Flattening(
            OpRegistry ops, FunctionLibrary functions, Map<String, List<Integer>> boundInputs, boolean keepsControl) {
        this(
                ops,
                functions,
                boundInputs,
                keepsControl,
                new AtomicInteger(),
                new HashSet<>(),
                new HashMap<>(),
                new StateChanges(new HashMap<>()));
    }

    /** Counts a call; the number may grow exponentially with nested functions. */
    void countCall() {
        if (calls.incrementAndGet() > MAX_CALLS) {
            throw TensorFlowMessages.damaged("there are over " + MAX_CALLS + " calls of functions");
        }
    }

    /** Checks a name, which functions in functions make longer and deeper. */
    static String requireShort(String name) {
        if (name.length() <= SHORT_NAME) {
            return name;
        }
        long scopes = name.chars().filter(character -> character == '/').count();
        if (name.length() > MAX_NAME || scopes > MAX_SCOPES) {
            throw new DataException(
                    "The node '%s...' has a name of %d characters in %d scopes, which exceeds the limits of %d and %d: export the model with shorter names."
                            .formatted(name.substring(0, SHOWN_OF_NAME), name.length(), scopes, MAX_NAME, MAX_SCOPES));
        }
        return name;
    }

    /** Returns an unused name and reserves it. */
    String uniqueName(String wanted) {
        var name = wanted;
        for (int i = 1; !names.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
