package stir.backend.onnx.modules;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where a node comes from, as far as its exporter left that in the file.
 *
 * @param modules the paths of the modules within whose calls it was computed, outermost first, the
 *     network itself aside; each is the path that {@code named_modules()} has
 * @param call which call of the innermost module it was, from 0, where the exporter numbers them
 * @param step the operation in the network's code that it is a part of, where that is known
 */
record Origin(List<String> modules, OptionalInt call, Optional<Step> step) {
    /**
     * An operation in the network's code.
     *
     * @param name what the exporter calls it, and its result
     * @param takes what its arguments are called
     * @param rules the rewriting rules that made the node from others; empty if it is as it was
     */
    record Step(String name, Set<String> takes, String rules) {
        Step {
            takes = Set.copyOf(takes);
        }

        /** Returns whether a batch normalisation, whose step this is, was merged into what was before. */
        boolean hasMergedNormalisation() {
            return rules.contains("FuseBatchNorm");
        }

        /** Returns whether padding was merged into this. */
        boolean hasMergedPadding() {
            return rules.contains("Pad");
        }
    }

    Origin {
        modules = List.copyOf(modules);
    }
}
