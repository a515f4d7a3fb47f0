package stir.core.inversion.search;

import java.util.Locale;
import stir.api.Remedy;
import stir.api.UsageException;

/**
 * The number of a search's workers, and of the inputs that each searches at a time, so that their
 * states fit Java's memory. No result depends on either number.
 *
 * @param workers the number of workers, at least one
 * @param slots the inputs per worker; a whole number of passes
 */
record WorkerPlan(int workers, int slots) {
    private static final double MEGABYTE = 1 << 20;

    /**
     * Returns the largest plan that work and memory allow.
     *
     * @param most the most workers
     * @param share the rows of the batch per worker at that number; whole passes
     * @param inputs the inputs in the queue
     * @param passRows the rows of a pass
     * @param bytesPerInput the memory per input
     * @param memory the memory of Java, half of which is for the inputs
     * @throws UsageException if a single pass does not fit
     */
    static WorkerPlan of(int most, int share, int inputs, int passRows, long bytesPerInput, long memory) {
        long passes = memory / 2 / (bytesPerInput * passRows);
        if (passes == 0) {
            throw new UsageException(
                    String.format(
                            Locale.ROOT,
                            "The search needs %.1f MB for each of %d inputs per pass, over half of Java's %.0f MB: increase the heap, measure a narrower layer, or use the optimiser published, which needs little.",
                            bytesPerInput / MEGABYTE,
                            passRows,
                            memory / MEGABYTE),
                    Remedy.RAISE_JAVA_MEMORY);
        }
        int workers = (int) Math.min(passes, Math.min(most, (inputs + share - 1) / share));
        return new WorkerPlan(workers, (int) Math.min(share, passRows * (passes / workers)));
    }
}
