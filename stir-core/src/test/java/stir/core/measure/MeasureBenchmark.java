package stir.core.measure;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;

/**
 * A benchmark of measures; {@code src/test/python/measure_benchmark.py} starts it and computes the
 * same with numpy on the same machine.
 *
 * <p>It prints one line per task: its name, the shortest of several runs in seconds, and the
 * shortest CPU time of the calling thread, which on a busy machine is more reliable if it is the
 * only thread. The number of threads is that of the common pool ({@code
 * -Djava.util.concurrent.ForkJoinPool.common.parallelism}, to which the calling thread is added).
 */
final class MeasureBenchmark {
    private MeasureBenchmark() {}

    /** A measure and the sizes of its matrices. */
    private record Task(SimilarityMeasure measure, int rows, int columns, int runs) {
        void run(PrintStream out, String name) {
            var a = noise(1);
            var b = noise(2);
            var thread = ManagementFactory.getThreadMXBean();
            long shortest = Long.MAX_VALUE;
            long shortestComputing = Long.MAX_VALUE;
            for (int i = 0; i < runs; i++) {
                long start = System.nanoTime();
                long startComputing = thread.getCurrentThreadCpuTime();
                measure.compare(a, b);
                shortestComputing = Math.min(shortestComputing, thread.getCurrentThreadCpuTime() - startComputing);
                shortest = Math.min(shortest, System.nanoTime() - start);
            }
            out.printf(Locale.ROOT, "%s,%.4f,%.4f%n", name, shortest / 1e9, shortestComputing / 1e9);
        }

        private Matrix noise(long seed) {
            var random = new Random(seed);
            var values = new float[rows * columns];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return Matrix.of(rows, columns, values);
        }
    }

    /**
     * Runs the tasks of these names, or all.
     *
     * @param names of tasks
     */
    public static void main(String... names) {
        var tasks = new TreeMap<String, Task>(Map.of(
                "linear-cka-2000x2048", new Task(new LinearCka(), 2000, 2048, 8),
                "linear-cka-1000x65536", new Task(new LinearCka(), 1000, 65536, 3),
                "svcca-2000x512", new Task(new Svcca(), 2000, 512, 4)));
        if (names.length > 0) {
            tasks.keySet().retainAll(List.of(names));
        }
        tasks.forEach((name, task) -> task.run(System.out, name));
    }
}
