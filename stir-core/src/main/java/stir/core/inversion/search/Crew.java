package stir.core.inversion.search;

import stir.api.Remedy;
import stir.api.UsageException;

import java.util.Locale;

/**
 * The workers of a search, and how many inputs each searches at a time, so that what is remembered
 * of these fits Java's memory: no result depends on either number.
 *
 * @param workers at least one
 * @param slots a whole number of passes
 */
record Crew(int workers, int slots) {
    private static final double MEGABYTE = 1 << 20;

    /**
     * As many as there is work for and room.
     *
     * @param most the most workers
     * @param share the rows that each of so many takes of the batch; whole passes
     * @param inputs how many wait
     * @param passRows the rows of a pass
     * @param bytesOfAnInput what is remembered of each
     * @param memory what Java may use; half of it is for this
     * @throws UsageException if a single pass does not fit
     */
    static Crew of(
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
        return new Crew(workers, (int) Math.min(share, passRows * (passes / workers)));
    }
}
