package stir.backend.djl;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

import java.util.function.Function;

/** How libtorch is to behave on the current thread during a pass. */
final class GradientMode {
    private GradientMode() {}

    /**
     * Runs a pass with the recording of gradients on, whatever the thread's mode was (that depends
     * on who made the thread), and restores the mode.
     *
     * @param parent makes the manager that owns what the pass makes; that is freed at the end
     */
    static <T> T run(NDManager parent, Function<NDManager, T> pass) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        // The profiling executor compiles a method anew after its first runs, whose values then
        // differ in the last bits. It is no faster on networks; this is a thread's setting as well.
        JniUtils.setGraphExecutorOptimize(false);
        try (var arrays = parent.newSubManager()) {
            return pass.apply(arrays);
        } finally {
            JniUtils.setGradMode(before);
        }
    }
}
