package stir.core.io.files;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import stir.api.UsageException;

/** Another process that holds a folder until it is closed or killed. */
final class LockHolder implements AutoCloseable {
    private static final String HELD = "held";
    private final Process process;

    private LockHolder(Process process) {
        this.process = process;
    }

    /** Starts a process and waits until it holds the folder. */
    static LockHolder of(Path folder, boolean shared) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(LockHolder.class, FolderLock.class, UsageException.class),
                        LockHolder.class.getName(),
                        folder.toString(),
                        Boolean.toString(shared))
                .redirectErrorStream(true)
                .start();
        var output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!HELD.equals(output)) {
            process.destroyForcibly();
            throw new IllegalStateException("The other process printed " + output);
        }
        return new LockHolder(process);
    }

    private static String classPath(Class<?>... classes) {
        return Stream.of(classes)
                .map(each ->
                        each.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    long pid() {
        return process.pid();
    }

    /** Ends the process as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("The other process does not end");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /**
     * Runs in the other process.
     *
     * @param args the folder, and whether it is shared
     */
    public static void main(String[] args) {
        try (var lock = FolderLock.of(Path.of(args[0]), Boolean.parseBoolean(args[1]), note -> {})) {
            System.out.println(lock == null ? "" : HELD);
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
