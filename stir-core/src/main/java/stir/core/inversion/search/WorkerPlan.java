package stir.core.inversion.search;

import stir.api.Remedy;
import stir.api.UsageException;

import java.util.Locale;

/**
 * The workers of a search, and the number of inputs that each searches at a time, so that their
 * history fits Java's memory. No result depends on either number.
 *
 * @param workers at least one
 * @param slots the inputs of a worker, in whole passes
 */
record WorkerPlan(int workers, int slots) {
    private static final double MEGABYTE = 1 << 20;

    /**
     * Returns the largest plan that the inputs and the memory allow.
     *
     * @param most the most workers
     * @param share each worker's rows of the batch, in whole passes
     * @param inputs the number of waiting inputs
     * @param passRows the rows of a pass
     * @param bytesOfAnInput the history of an input
     * @param memory of Java, half of which the histories may take
     * @throws UsageException if a single pass does not fit
     */
    static WorkerPlan of(
            int most, int share, int inputs, int passRows, long bytesOfAnInput, long memory) {
        long passes = memory / 2 / (bytesOfAnInput * passRows);
        if (passes == 0) {
            throw new UsageException(
                    String.format(
                            Locale.ROOT,
                            "The search remembers %.1f MB of each of the %d inputs of a pass, which is more than half of the %.0f MB that Java may use: give Java more, or use the optimizer reference, which remembers little.",
                            bytesOfAnInput / MEGABYTE,
                            passRows,
                            memory / MEGABYTE),
                    Remedy.RAISE_JAVA_MEMORY);
        }
        int workers = (int) Math.min(passes, Math.min(most, (inputs + share - 1) / share));
        return new WorkerPlan(workers, (int) Math.min(share, passRows * (passes / workers)));
    }
}
