package stir.backend.tf;

import java.util.Map;
import org.tensorflow.TensorFlow;
import stir.api.Device;
import stir.api.support.Processor;
import stir.api.support.RuntimeFacts;

/** TensorFlow as the library of a computation. */
final class TfRuntime {
    /** The variable by which TensorFlow uses its own kernels (0) instead of oneDNN's. */
    private static final String ONEDNN = "TF_ENABLE_ONEDNN_OPTS";

    private TfRuntime() {}

    /**
     * Returns the facts of {@link stir.api.Model#runtime}. Only oneDNN's kernels depend on the
     * processor; TensorFlow's own are compiled for one instruction set.
     */
    static Map<String, String> facts(Device device) {
        var choice = System.getenv(ONEDNN);
        return RuntimeFacts.of(
                "TensorFlow " + TensorFlow.version() + (choice == null ? "" : " (" + ONEDNN + "=" + choice + ")"),
                device,
                Processor.Library.ONEDNN);
    }
}
