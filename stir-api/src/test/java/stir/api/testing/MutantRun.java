package stir.api.testing;

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
import stir.api.Shape;

/**
 * A run that opens mutants of a model in separate processes and counts the outcomes. A process that
 * dies or does not answer is a failure of the mutant that it had open; a new process continues with
 * the next mutant.
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
    private final List<String> words;

    private MutantRun(MutantRun other, List<String> words) {
        this.provider = other.provider;
        this.original = other.original;
        this.part = other.part;
        this.format = other.format;
        this.input = other.input;
        this.cache = other.cache;
        this.words = words;
    }

    /**
     * Creates a run.
     *
     * @param provider the class of the backend's provider
     * @param original the model: a file or a folder
     * @param part the file in the folder that is mutated; empty if the model is a file
     * @param format the format of that file
     * @param input the shape of an input, for mutants that do not state it
     * @param cache the folder for native libraries
     */
    public MutantRun(Class<?> provider, Path original, String part, Mutants.Format format, Shape input, Path cache) {
        this.provider = provider.getName();
        this.original = original;
        this.part = part;
        this.format = format;
        this.input = input;
        this.cache = cache.toAbsolutePath();
        this.words = List.of();
    }

    /** Returns a run whose mutants also exchange words of the format. */
    public MutantRun withWords(List<String> others) {
        return new MutantRun(this, List.copyOf(others));
    }

    /**
     * The outcomes of a run.
     *
     * @param refused the number of mutants refused in one sentence
     * @param computed the number of mutants with finite results
     * @param failures one line with the seed per other mutant
     * @param megabytes the peak size of a process
     */
    public record Result(int refused, int computed, List<String> failures, long megabytes) {
        /** Appends a table row, and one line per failure, to {@code target/mutants.md}. */
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
                            name, refused + computed + failures.size(), refused, computed, failures.size(), megabytes);
        }
    }

    /**
     * Runs a range of mutants.
     *
     * @param folder an empty folder for the mutants
     * @param first the first seed
     * @param count the number of consecutive seeds
     */
    public Result run(Path folder, long first, int count) throws IOException, InterruptedException {
        var model = folder.toAbsolutePath().resolve(String.valueOf(original.getFileName()));
        int refused = 0;
        int computed = 0;
        long megabytes = 0;
        var failures = new ArrayList<String>();
        for (long next = first; next < first + count; ) {
            copy(original, model);
            var lines = new LinkedBlockingQueue<String>();
            var process = start(folder, model, next, first + count);
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
                if (line.startsWith(MutantWorker.STARTED)) {
                    next = Long.parseLong(line.substring(MutantWorker.STARTED.length()));
                    answered = false;
                    last.clear();
                } else if (line.startsWith(MutantWorker.REFUSED)) {
                    refused++;
                    answered = true;
                } else if (line.startsWith(MutantWorker.COMPUTED)) {
                    computed++;
                    answered = true;
                } else if (line.startsWith(MutantWorker.FAILED)) {
                    failures.add("seed %d: %s".formatted(next, line));
                    answered = true;
                } else if (line.startsWith(MutantWorker.SIZE)) {
                    megabytes = Math.max(megabytes, Long.parseLong(line.substring(MutantWorker.SIZE.length())));
                }
            }
            process.destroyForcibly().waitFor();
            if (!answered) {
                failures.add("seed %d: no answer, exit code %d, %s".formatted(next, process.exitValue(), last));
            }
            next++;
        }
        return new Result(refused, computed, List.copyOf(failures), megabytes);
    }

    private Process start(Path folder, Path model, long from, long to) throws IOException {
        var process = TestProcess.of(
                MutantWorker.class,
                List.of(
                        "-Xmx1g",
                        "-XX:ErrorFile=" + model.resolveSibling("crash.log"),
                        "-Dstir.mutants.kept=" + System.getProperty("stir.mutants.kept", "")),
                provider,
                model.toString(),
                (part.isEmpty() ? model : model.resolve(part)).toString(),
                format.name(),
                input.toString(),
                cache.toString(),
                Long.toString(from),
                Long.toString(to),
                String.join(" ", words));
        return process.directory(folder.toFile()).start();
    }

    private static void read(Process process, LinkedBlockingQueue<String> lines) {
        try (var in = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(MutantWorker.FAILED + "its output can't be read: " + e);
        }
        lines.add(END);
    }

    static void copy(Path from, Path to) throws IOException {
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
