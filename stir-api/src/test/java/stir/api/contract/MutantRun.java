package stir.api.contract;

import stir.api.Shape;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Opens mutants of a model in processes of their own, and counts what becomes of them. A process
 * that dies, or gives no answer, is a failure of the mutant that it had open; the next one goes on
 * behind it.
 */
public final class MutantRun {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final String END = "\u0000end";

    private final String provider;
    private final Path original;
    private final String part;
    private final Mutants.Format format;
    private final Shape input;
    private final Path cache;

    /**
     * A run.
     *
     * @param provider the class of the backend's provider
     * @param original the model: a file or a folder
     * @param part the file in the folder that is mutated; empty if the model is a file
     * @param format what is known of that file
     * @param input the shape of an input, where the mutant does not tell its own
     * @param cache for native libraries
     */
    public MutantRun(
            Class<?> provider,
            Path original,
            String part,
            Mutants.Format format,
            Shape input,
            Path cache) {
        this.provider = provider.getName();
        this.original = original;
        this.part = part;
        this.format = format;
        this.input = input;
        this.cache = cache;
    }

    /**
     * What became of the mutants.
     *
     * @param refused how many were refused in a sentence
     * @param computed how many gave finite numbers
     * @param failures a line with the seed for each that did neither
     * @param megabytes the largest size of a process
     */
    public record Result(int refused, int computed, List<String> failures, long megabytes) {
        /** Adds a row, and a line for each failure, to {@code target/mutants.md}. */
        public void append(String name) throws IOException {
            Files.writeString(
                    Path.of("target", "mutants.md"),
                    row(name) + "\n" + String.join("\n", failures) + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        private String row(String name) {
            return "| %s | %d | %d | %d | %d | %d |"
                    .formatted(
                            name,
                            refused + computed + failures.size(),
                            refused,
                            computed,
                            failures.size(),
                            megabytes);
        }
    }

    /**
     * Runs.
     *
     * @param folder an empty one for the mutants
     * @param first the first seed
     * @param count how many follow each other
     */
    public Result run(Path folder, long first, int count) throws IOException, InterruptedException {
        var model = folder.resolve(String.valueOf(original.getFileName()));
        int refused = 0;
        int computed = 0;
        long megabytes = 0;
        var failures = new ArrayList<String>();
        for (long next = first; next < first + count; ) {
            copy(original, model);
            var lines = new LinkedBlockingQueue<String>();
            var process = start(model, next, first + count);
            var reader = new Thread(() -> read(process, lines), "lines of mutants");
            reader.setDaemon(true);
            reader.start();
            var last = new ArrayList<String>();
            boolean answered = true;
            while (true) {
                var line = lines.poll(LONGEST_ANSWER.toSeconds(), TimeUnit.SECONDS);
                if (line == null || line.equals(END)) {
                    break;
                }
                last.add(line);
                if (line.startsWith(MutantTrial.STARTED)) {
                    next = Long.parseLong(line.substring(MutantTrial.STARTED.length()));
                    answered = false;
                    last.clear();
                } else if (line.startsWith(MutantTrial.REFUSED)) {
                    refused++;
                    answered = true;
                } else if (line.startsWith(MutantTrial.COMPUTED)) {
                    computed++;
                    answered = true;
                } else if (line.startsWith(MutantTrial.FAILED)) {
                    failures.add("seed %d: %s".formatted(next, line));
                    answered = true;
                } else if (line.startsWith(MutantTrial.SIZE)) {
                    megabytes =
                            Math.max(
                                    megabytes,
                                    Long.parseLong(line.substring(MutantTrial.SIZE.length())));
                }
            }
            process.destroyForcibly().waitFor();
            if (!answered) {
                failures.add(
                        "seed %d: no answer, exit code %d, %s"
                                .formatted(next, process.exitValue(), last));
            }
            next++;
        }
        return new Result(refused, computed, List.copyOf(failures), megabytes);
    }

    private Process start(Path model, long from, long to) throws IOException {
        return TestProcess.of(
                        MutantTrial.class,
                        List.of("-Xmx1g", "-XX:ErrorFile=" + model.resolveSibling("crash.log")),
                        provider,
                        model.toString(),
                        (part.isEmpty() ? model : model.resolve(part)).toString(),
                        format.name(),
                        input.toString(),
                        cache.toString(),
                        Long.toString(from),
                        Long.toString(to))
                .start();
    }

    private static void read(Process process, LinkedBlockingQueue<String> lines) {
        try (var in = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(MutantTrial.FAILED + "its output can't be read: " + e);
        }
        lines.add(END);
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.isRegularFile(from)) {
            Files.write(to, Files.readAllBytes(from));
            return;
        }
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                var copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.write(copy, Files.readAllBytes(file));
                }
            }
        }
    }
}
