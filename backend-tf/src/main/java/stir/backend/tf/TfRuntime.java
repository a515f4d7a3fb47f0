package stir.backend.tf;

import org.tensorflow.TensorFlow;

import stir.api.Device;
import stir.api.support.Processor;
import stir.api.support.RuntimeFacts;

import java.util.Map;

/** What TensorFlow computes with. */
final class TfRuntime {
    /** With 0 TensorFlow takes kernels of its own where it would take oneDNN's. */
    private static final String ONEDNN = "TF_ENABLE_ONEDNN_OPTS";

    private TfRuntime() {}

    /** TensorFlow's own kernels are compiled for one set of instructions; oneDNN's are chosen. */
    static Map<String, String> facts(Device device) {
        var choice = System.getenv(ONEDNN);
        return RuntimeFacts.of(
                "TensorFlow "
                        + TensorFlow.version()
                        + (choice == null ? "" : " (" + ONEDNN + "=" + choice + ")"),
                device,
                Processor.Library.ONEDNN);
    }
}
