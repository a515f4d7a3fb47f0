package stir.core.store;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Determines when to save: every second at first, later less often, so that no more than about a
 * fiftieth of the work is lost and the number of files stays small. Not thread-safe.
 */
public final class SaveTimes {
    private static final long SHORTEST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofSeconds(30).toNanos();
    private static final int SHARE = 50;

    private final LongSupplier clock;
    private final long begun;
    private long saved;

    /**
     * Creates the times of work that begins now.
     *
     * @param clock the source of nanoseconds from any origin
     */
    public SaveTimes(LongSupplier clock) {
        this.clock = clock;
        begun = clock.getAsLong();
        saved = begun;
    }

    /** Returns whether it is time to save. */
    public boolean isDue() {
        long now = clock.getAsLong();
        long pause = Math.max(SHORTEST, Math.min(LONGEST, (now - begun) / SHARE));
        return now - saved >= pause;
    }

    /** Records that all work was saved now. */
    public void saved() {
        saved = clock.getAsLong();
    }
}
