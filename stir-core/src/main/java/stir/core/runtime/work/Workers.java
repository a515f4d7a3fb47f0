package stir.core.runtime.work;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Parallel execution of a task in several threads, which waits for all of them. */
public final class Workers {
    private Workers() {}

    /** The work of one worker. */
    @FunctionalInterface
    public interface Task {
        /** Runs one worker's part; workers are counted from 0. */
        void run(int worker);
    }

    /**
     * Runs a task {@code count} times in parallel; a single worker runs in the calling thread.
     * Throws the first failure after the other workers have been interrupted and have ended.
     */
    public static void run(int count, Task task) {
        if (count == 1) {
            task.run(0);
            return;
        }
        var threads = Executors.newFixedThreadPool(count, Workers::thread);
        var running = new ExecutorCompletionService<Void>(threads);
        List<Future<Void>> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int worker = i;
            parts.add(running.submit(() -> {
                task.run(worker);
                return null;
            }));
        }
        try {
            for (int i = 0; i < count; i++) {
                running.take().get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The work was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            parts.forEach(part -> part.cancel(true));
            threads.shutdown();
            awaitEnd(threads);
        }
    }

    /**
     * Waits until all threads have ended, since native memory that they use is freed afterwards.
     */
    private static void awaitEnd(ExecutorService threads) {
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "stir-worker");
        thread.setDaemon(true);
        return thread;
    }
}
