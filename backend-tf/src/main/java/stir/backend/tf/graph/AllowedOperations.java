package stir.backend.tf.graph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import stir.api.DataException;

/**
 * The operations that a model may contain. They compute, keep variables, draw random numbers or
 * control the flow.
 *
 * <p>All others are refused before anything runs, because TensorFlow also has operations that read
 * and write files, call other processes, wait for queues or end the process. A list of what is
 * allowed also refuses the operations that a later TensorFlow adds.
 */
public final class AllowedOperations {
    private static final Set<String> NAMES = names();

    /** The destinations of {@code PrintV2} that are not files. */
    private static final Set<String> STREAMS = Set.of("stdout", "stderr", "log(info)", "log(warning)", "log(error)");

    private AllowedOperations() {}

    private static Set<String> names() {
        try (var file = AllowedOperations.class.getResourceAsStream("allowed-operations.txt")) {
            if (file == null) {
                throw new IllegalStateException("The list of allowed operations is missing");
            }
            var text = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            return Set.copyOf(List.of(text.strip().split("\\s+", -1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks a graph and its functions, which control flow calls.
     *
     * @throws DataException if an operation is not allowed
     */
    public static void require(GraphDef graph) {
        var library = graph.getLibrary().getFunctionList();
        var functions = new HashSet<String>();
        library.forEach(function -> functions.add(function.getSignature().getName()));
        graph.getNodeList().forEach(node -> require(node, "", functions));
        for (FunctionDef function : library) {
            var place = " of the function " + function.getSignature().getName();
            function.getNodeDefList().forEach(node -> require(node, place, functions));
        }
    }

    private static void require(NodeDef node, String place, Set<String> functions) {
        if (!NAMES.contains(node.getOp()) && !functions.contains(node.getOp())) {
            throw new DataException(
                    "The operation %s (node %s%s) is not allowed, because it may access files, other processes or devices, or wait for them: export the model without it."
                            .formatted(node.getOp(), node.getName(), place));
        }
        var stream = node.getAttrMap().get("output_stream");
        if (stream != null && !STREAMS.contains(stream.getS().toStringUtf8())) {
            throw new DataException(
                    "The operation %s (node %s%s) prints to '%s', which is not allowed: export the model without it."
                            .formatted(
                                    node.getOp(),
                                    node.getName(),
                                    place,
                                    stream.getS().toStringUtf8()));
        }
    }
}
