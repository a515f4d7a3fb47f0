package stir.backend.djl.exported;

import java.util.ArrayList;
import java.util.List;

/**
 * An operator of a program's graph.
 *
 * @param function the operator's name without its namespace and overload: {@code conv2d}
 * @param called the function of TorchScript that computes it: {@code torch.conv2d}
 * @param arguments the function's arguments in TorchScript
 * @param result the name of its result
 * @param elements the names of the elements if the result is a tuple or a list, otherwise empty
 * @param tensors the names of the tensors that it computes
 * @param inputs the names of all values that it reads, in the order of its arguments
 * @param calls the calls of modules that contain it, from the outside in
 */
record GraphNode(
        String function,
        String called,
        List<String> arguments,
        String result,
        List<String> elements,
        List<String> tensors,
        List<String> inputs,
        List<ModuleStackEntry> calls) {
    /**
     * A call of a module.
     *
     * @param key distinguishes the calls of a module
     * @param path the module's path
     * @param type the simple name of its class
     */
    record ModuleStackEntry(String key, String path, String type) {}

    /** Returns the operator with another function of other arguments. */
    GraphNode with(String other, List<String> changed) {
        return new GraphNode(function, other, changed, result, elements, tensors, inputs, calls);
    }

    /** Returns its TorchScript, one statement per element. */
    List<String> statements() {
        var statements = new ArrayList<String>();
        statements.add("%s = %s(%s)".formatted(result, called, String.join(", ", arguments)));
        for (int i = 0; i < elements.size(); i++) {
            statements.add("%s = (%s)[%d]".formatted(elements.get(i), result, i));
        }
        return statements;
    }
}
