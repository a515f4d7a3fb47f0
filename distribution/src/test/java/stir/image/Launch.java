package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import stir.cli.CommandRun;

/** A process that is to be started; Java is found nowhere but in the image. */
final class Launch {
    private static final long TIMEOUT_SECONDS = 300;

    /** Most commands of tests end before Java's best compiler is worth its time. */
    static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

    private final ProcessBuilder builder;

    Launch(List<String> command) {
        builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("LANG", "C");
        builder.environment().put("STIR_JAVA_OPTS", SHORT_LIVED);
        builder.environment().remove("LC_ALL");
    }

    /** Returns a command of the Java that runs this test, with more words. */
    static List<String> java(List<String> more) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Java 24 and later warn without it, as embedding.md explains.
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(SHORT_LIVED, "-XX:+UseSerialGC"));
        command.addAll(more);
        return command;
    }

    Launch with(String variable, String value) {
        builder.environment().put(variable, value);
        return this;
    }

    /** Starts it in a folder. */
    Launch in(Path folder) {
        builder.directory(folder.toFile());
        return this;
    }

    /** A process that runs. */
    record Running(Process process, Path out, Path err) {
        String errorsSoFar() throws IOException {
            return Files.readString(err);
        }

        /** The Java that the launcher has started, once it has. */
        ProcessHandle java() throws InterruptedException {
            for (int i = 0; i < TIMEOUT_SECONDS * 10 && process.isAlive(); i++) {
                var java = process.children().filter(Running::isJava).findFirst();
                if (java.isPresent()) {
                    return java.get();
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
            throw new AssertionError("The launcher has started nothing");
        }

        private static boolean isJava(ProcessHandle child) {
            return child.info()
                    .command()
                    .filter(command -> command.endsWith("/java"))
                    .isPresent();
        }

        /** Kills it, as one kills a process that was found in a list. */
        void kill() throws InterruptedException {
            process.children().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }

        Ended end() throws IOException, InterruptedException {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("No end after " + TIMEOUT_SECONDS + " s: " + errorsSoFar());
            }
            return new Ended(
                    process.exitValue(), Files.readString(out), CommandRun.withoutProgress(Files.readString(err)));
        }
    }

    /** What a process did. */
    record Ended(int code, String out, String err) {
        /** Checks that it went well and that standard error is empty, and returns its output. */
        String done() {
            assertEquals("", err);
            assertEquals(0, code, err);
            return out;
        }

        /** Checks that it went well and printed one JSON document and nothing else. */
        JsonNode document() throws IOException {
            try (var parser = new JsonMapper().createParser(done())) {
                JsonNode document = parser.readValueAsTree();
                assertEquals(null, parser.nextToken(), "nothing follows the document");
                return document;
            }
        }

        /** Checks that it failed with one sentence, and returns the sentence. */
        String failure(int expected) {
            assertEquals(expected, code, err);
            assertEquals("", out);
            assertEquals(1, err.lines().count(), err);
            assertTrue(err.startsWith("stir: "), err);
            return err;
        }
    }

    Running start() throws IOException {
        var out = Files.createTempFile("stir", ".out");
        var err = Files.createTempFile("stir", ".err");
        out.toFile().deleteOnExit();
        err.toFile().deleteOnExit();
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        return new Running(builder.start(), out, err);
    }

    Ended run() {
        try {
            return start().end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
