package stir.core.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import stir.api.BackendException;
import stir.api.Remedy;
import stir.api.support.IoReason;

/** The log of one run: each step with its time. The other files of a study contain no times. */
record RunLog(PrintWriter out, Clock clock, StudyListener listener) implements AutoCloseable {
    /**
     * Creates the next log of a folder.
     *
     * @param listener the listener that receives the same lines
     * @throws BackendException if it can't be written
     */
    static RunLog begin(Path folder, Clock clock, StudyListener listener) {
        try {
            Files.createDirectories(folder);
            return new RunLog(new PrintWriter(next(folder), true), clock, listener);
        } catch (IOException e) {
            throw new BackendException(
                    "The log could not be written into %s (%s): choose another folder."
                            .formatted(folder, IoReason.of(e)),
                    e,
                    Remedy.CHOOSE_ANOTHER_FOLDER);
        }
    }

    /** Creates the first missing file; other processes may create theirs at the same time. */
    private static Writer next(Path folder) throws IOException {
        int run = 1;
        while (true) {
            try {
                return Files.newBufferedWriter(
                        folder.resolve("run-" + run + ".log"), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            } catch (FileAlreadyExistsException e) {
                run++;
            }
        }
    }

    /** Returns a log without a file. */
    static RunLog none(StudyListener listener) {
        return new RunLog(new PrintWriter(Writer.nullWriter()), Clock.systemUTC(), listener);
    }

    /** Logs a step and reports it to the listener. */
    void step(String line) {
        write(line);
        listener.step(line);
    }

    /** Logs something unexpected. */
    void note(String line) {
        write(line);
        listener.note(line);
    }

    /** Logs a line that the listener does not receive. */
    void write(String line) {
        out.println(Instant.now(clock).truncatedTo(ChronoUnit.MILLIS) + " " + line);
    }

    @Override
    public void close() {
        out.close();
    }
}
