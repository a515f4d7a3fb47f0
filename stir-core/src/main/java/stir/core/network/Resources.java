package stir.core.network;

import stir.api.Device;
import stir.api.UsageException;

/**
 * The resources that a network may use. Results depend on the device; on a GPU, a batch smaller
 * than its usual pass also changes their last bits.
 *
 * @param device the device on which it computes
 * @param threads the threads that it may use, at least 1
 * @param batchSize the number of inputs that all threads process at a time; at least 1
 * @since 0.1.0
 */
public record Resources(Device device, int threads, int batchSize) {
    /** The usual batch size: it keeps several threads busy and needs little memory. */
    public static final int BATCH_SIZE = 100;

    /** Checks the ranges. */
    public Resources {
        if (threads < 1) {
            throw new UsageException("A network needs at least 1 thread, not " + threads + ".");
        }
        if (batchSize < 1) {
            throw new UsageException("The batch size must be at least 1, not " + batchSize + ".");
        }
    }

    /** Returns the CPU with all its processors. */
    public static Resources ofMachine() {
        return new Resources(Device.CPU, Runtime.getRuntime().availableProcessors(), BATCH_SIZE);
    }

    /** Returns a copy for another device. */
    public Resources withDevice(Device other) {
        return new Resources(other, threads, batchSize);
    }

    /** Returns a copy with another number of threads. */
    public Resources withThreads(int other) {
        return new Resources(device, other, batchSize);
    }

    /** Returns a copy with another batch size. */
    public Resources withBatchSize(int other) {
        return new Resources(device, threads, other);
    }
}
