package stir.backend.onnx.modules;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The origin of a node, as far as its exporter recorded it in the file.
 *
 * @param modules the paths of the modules whose calls contain it, outermost first, without the
 *     network itself, as in {@code named_modules()}
 * @param call the number of the innermost module's call, from 0; empty if the exporter does not
 *     number calls
 * @param step the operation in the network's code to which it belongs; empty if unknown
 */
record NodeOrigin(List<String> modules, OptionalInt call, Optional<Step> step) {
    /**
     * An operation in the network's code.
     *
     * @param name the exporter's name of the operation and of its result
     * @param takes the names of its arguments
     * @param rules the rewriting rules that created the node; empty if it is original
     */
    record Step(String name, Set<String> takes, String rules) {
        Step {
            takes = Set.copyOf(takes);
        }

        /**
         * Returns whether this is the step of a batch normalisation that was merged into the
         * preceding operation.
         */
        boolean hasMergedNormalisation() {
            return rules.contains("FuseBatchNorm");
        }

        /** Returns whether padding was merged into this step. */
        boolean hasMergedPadding() {
            return rules.contains("Pad");
        }
    }

    NodeOrigin {
        modules = List.copyOf(modules);
    }
}
