package stir.backend.tf;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What all scopes of a graph that is being flattened share.
 *
 * @param functions the graph's functions
 * @param boundInputs for each function, the object graph's nodes whose values its last inputs are;
 *     empty without an object graph
 * @param keepsControl whether control dependencies tell which branch a node is in
 * @param names the names that are taken in the flat graph; grows
 * @param variables for each variable's handle in the flat graph, its node in the object graph;
 *     grows
 */
record Flattening(
        OpRegistry ops,
        FunctionLibrary functions,
        Map<String, List<Integer>> boundInputs,
        boolean keepsControl,
        Set<String> names,
        Map<String, Integer> variables) {
    Flattening(
            OpRegistry ops,
            FunctionLibrary functions,
            Map<String, List<Integer>> boundInputs,
            boolean keepsControl) {
        this(ops, functions, boundInputs, keepsControl, new HashSet<>(), new HashMap<>());
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
