package stir.core.network;

import stir.api.Device;
import stir.api.UsageException;

import java.util.Objects;

/**
 * What a network may use while it computes. Results depend on the device alone.
 *
 * @param device where it computes
 * @param threads the threads that it may use, at least 1
 * @param batchSize how many inputs are worked on at a time, by all threads together; at least 1
 * @since 0.1.0
 */
public record Resources(Device device, int threads, int batchSize) {
    /** So many inputs at a time keep several threads busy, and need little memory. */
    public static final int BATCH_SIZE = 100;

    /** Checks the ranges. */
    public Resources {
        Objects.requireNonNull(device, "device");
        if (threads < 1) {
            throw new UsageException("A network needs at least 1 thread, not " + threads + ".");
        }
        if (batchSize < 1) {
            throw new UsageException("The batch size must be at least 1, not " + batchSize + ".");
        }
    }

    /** The CPU with all its processors. */
    public static Resources ofMachine() {
        return new Resources(Device.CPU, Runtime.getRuntime().availableProcessors(), BATCH_SIZE);
    }

    /** The same on another device. */
    public Resources withDevice(Device other) {
        return new Resources(other, threads, batchSize);
    }

    /** The same with another number of threads. */
    public Resources withThreads(int other) {
        return new Resources(device, other, batchSize);
    }

    /** The same with another batch size. */
    public Resources withBatchSize(int other) {
        return new Resources(device, threads, other);
    }
}
