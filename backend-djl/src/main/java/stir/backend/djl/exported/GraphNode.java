package stir.backend.djl.exported;

import java.util.List;

/**
 * An operator of a program's graph.
 *
 * @param function the operator's name without its namespace and overload: {@code conv2d}
 * @param statements its TorchScript, one statement per element
 * @param tensors the names of the tensors that it computes
 * @param inputs the names of all values that it reads, in the order of its arguments
 * @param calls the calls of modules that contain it, from the outside in
 */
record GraphNode(
        String function,
        List<String> statements,
        List<String> tensors,
        List<String> inputs,
        List<ModuleCall> calls) {
    /**
     * A call of a module.
     *
     * @param key distinguishes the calls of a module
     * @param path the module's path
     * @param type the simple name of its class
     */
    record ModuleCall(String key, String path, String type) {}
}
