package stir.backend.djl;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Function;

/** The settings of libtorch on the current thread during a pass. */
final class GradientMode {
    private GradientMode() {}

    /**
     * Runs a pass with gradient recording switched on and restores the thread's previous mode.
     *
     * @param parent the parent of the manager that owns the pass's arrays and frees them at the end
     */
    static <T> T run(NDManager parent, Function<NDManager, T> pass) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        // The profiling executor recompiles a method after its first runs, which changes the last
        // bits of its values and makes networks no faster. This is a setting of the thread, too.
        JniUtils.setGraphExecutorOptimize(false);
        try (var arrays = parent.newSubManager()) {
            return pass.apply(arrays);
        } finally {
            JniUtils.setGradMode(before);
        }
    }
}
