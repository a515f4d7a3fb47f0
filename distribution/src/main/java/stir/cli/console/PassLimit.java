package stir.cli.console;

import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import stir.core.network.Network;

/**
 * The limit of one pass through a network, and of its opening, in a command that usually takes
 * seconds and for which the user has given no limit. Thread-safe.
 */
public final class PassLimit {
    /** The limit of such a command. */
    public static final Duration USUAL = Duration.ofSeconds(90);

    private final Duration limit;
    private final Set<Network> networks = ConcurrentHashMap.newKeySet();
    private final Queue<Long> openings = new ConcurrentLinkedQueue<>();

    /** Creates a limit of the passes of no network yet. */
    public PassLimit(Duration limit) {
        this.limit = limit;
    }

    /** A command whose passes are limited, unless the user gives another limit. */
    public interface Limited {
        /** Returns the limit. */
        PassLimit passes();
    }

    /** Opens a network, whose passes are limited from now on. */
    public Network open(Supplier<Network> opening) {
        long began = System.nanoTime();
        openings.add(began);
        try {
            var network = opening.get();
            networks.add(network);
            return network;
        } finally {
            openings.remove(began);
        }
    }

    /** Returns the time that a pass, or an opening, may take. */
    Duration limit() {
        return limit;
    }

    /** Returns whether a pass, or an opening, has taken longer. */
    boolean isExceeded() {
        long now = System.nanoTime();
        return openings.stream().anyMatch(began -> now - began > limit.toNanos())
                || networks.stream().anyMatch(network -> network.longestCall().compareTo(limit) > 0);
    }

    /** Returns the time in words. */
    @Override
    public String toString() {
        return limit.toSeconds() + " s";
    }
}
