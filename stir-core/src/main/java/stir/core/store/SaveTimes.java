package stir.core.store;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells when it is time to save: every second at first, later less often, so that no more than
 * about a fiftieth of the work is lost and the files do not become many. For one thread at a time.
 */
public final class SaveTimes {
    private static final long SHORTEST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofSeconds(30).toNanos();
    private static final int SHARE = 50;

    private final LongSupplier clock;
    private final long begun;
    private long saved;

    /**
     * Times from now on.
     *
     * @param clock nanoseconds from any origin
     */
    public SaveTimes(LongSupplier clock) {
        this.clock = clock;
        begun = clock.getAsLong();
        saved = begun;
    }

    /** Whether it is time. */
    public boolean isDue() {
        long now = clock.getAsLong();
        long pause = Math.max(SHORTEST, Math.min(LONGEST, (now - begun) / SHARE));
        return now - saved >= pause;
    }

    /** All is saved now. */
    public void saved() {
        saved = clock.getAsLong();
    }
}
