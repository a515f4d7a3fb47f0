package stir.backend.tf.graph;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import stir.api.DataException;

/** The functions of a graph. */
final class FunctionLibrary {
    private static final int MAX_DEPTH = 100;

    private final Map<String, FunctionDef> functions = new HashMap<>();
    private final Set<String> changing = new HashSet<>();

    /**
     * Creates the functions of a library.
     *
     * @throws DataException if a function calls itself, directly or indirectly: TensorFlow exports
     *     no such function, and inlining it would not end
     */
    FunctionLibrary(FunctionDefLibrary library) {
        for (FunctionDef function : library.getFunctionList()) {
            functions.put(function.getSignature().getName(), function);
        }
        var done = new HashSet<String>();
        functions.keySet().forEach(name -> requireNoRecursion(name, new LinkedHashSet<>(), done));
    }

    private void requireNoRecursion(String name, Set<String> callers, Set<String> done) {
        if (done.contains(name)) {
            return;
        }
        if (!callers.add(name)) {
            throw TensorFlowMessages.damaged("the function " + name + " calls itself");
        }
        if (callers.size() > MAX_DEPTH) {
            throw TensorFlowMessages.damaged("functions call each other over " + MAX_DEPTH + " levels");
        }
        var callees = new LinkedHashSet<String>();
        get(name, "").getNodeDefList().forEach(node -> addCallees(node, callees));
        callees.retainAll(functions.keySet()); // a missing one is reported at its call
        callees.forEach(callee -> requireNoRecursion(callee, callers, done));
        callers.remove(name);
        if (get(name, "").getNodeDefList().stream().anyMatch(this::changes)) {
            changing.add(name);
        }
        done.add(name);
    }

    /** Returns whether an operation is the call of a function. */
    boolean contains(String operation) {
        return functions.containsKey(operation);
    }

    /**
     * Returns a function.
     *
     * @param caller the caller's name, for the message
     * @throws DataException if it is missing
     */
    FunctionDef get(String name, String caller) {
        var function = functions.get(name);
        if (function == null) {
            throw TensorFlowMessages.damaged("the function " + name + " that " + caller + " calls is missing");
        }
        return function;
    }

    /** Returns the functions that remaining control flow calls, directly or indirectly. */
    FunctionDefLibrary calledBy(Collection<NodeDef> nodes) {
        var called = new LinkedHashSet<String>();
        nodes.forEach(node -> addCallees(node, called));
        var open = new ArrayDeque<>(called);
        while (!open.isEmpty()) {
            for (NodeDef node : get(open.pop(), "").getNodeDefList()) {
                var callees = new LinkedHashSet<String>();
                addCallees(node, callees);
                callees.removeAll(called);
                called.addAll(callees);
                open.addAll(callees);
            }
        }
        var library = FunctionDefLibrary.newBuilder();
        called.forEach(name -> library.addFunction(get(name, "")));
        return library.build();
    }

    /** Returns whether a node changes a variable, itself or in the functions that it calls. */
    boolean changes(NodeDef node) {
        var callees = new LinkedHashSet<String>();
        addCallees(node, callees);
        callees.retainAll(changing);
        return StateChanges.isChange(node) || !callees.isEmpty();
    }

    private void addCallees(NodeDef node, Set<String> callees) {
        if (functions.containsKey(node.getOp())) {
            callees.add(node.getOp());
        }
        for (AttrValue value : node.getAttrMap().values()) {
            if (value.hasFunc() && functions.containsKey(value.getFunc().getName())) {
                callees.add(value.getFunc().getName());
            }
            for (NameAttrList function : value.getList().getFuncList()) {
                callees.add(function.getName());
            }
        }
    }
}
