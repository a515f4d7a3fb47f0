package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import stir.cli.command.FrontEnd;
import stir.cli.command.StirCommand;
import stir.cli.console.Interruption;
import stir.cli.console.PassLimit;

@Tag("slow")
class InterruptionTest {
    @TempDir
    Path folder;

    @Test
    void interruptedWorkEndsInOrderAndIsKept() throws Exception {
        var model = CommandRun.network(folder, 1).toString();
        var images = CommandRun.images(folder, 4).toString();
        var out = folder.resolve("out");
        var err = new StringWriter();
        var begun = new CountDownLatch(1);
        var code = new CompletableFuture<Integer>();
        var ended = new CompletableFuture<Integer>();
        var requests = new CompletableFuture<Interruption>();
        var worker = new Thread(() -> {
            var interruption = requests.join();
            var root =
                    StirCommand.commandLine(CommandRun.console(), interruption).setErr(new PrintWriter(err, true));
            begun.countDown();
            code.complete(FrontEnd.execute(
                    root,
                    "score",
                    model,
                    model,
                    "--inputs",
                    images,
                    "--optimizer",
                    "published",
                    "--iterations",
                    "1000000",
                    "--out",
                    out.toString()));
            interruption.finished();
        });
        var interruption = new Interruption(worker, new PrintWriter(err, true), ended::complete);
        requests.complete(interruption);
        worker.start();
        begun.await();
        while (!Files.exists(out.resolve("searches/net1-a/hidden/published/repeat-1"))) {
            assertTrue(worker.isAlive(), err::toString);
            Thread.sleep(20);
        }
        interruption.interrupt();
        worker.join();
        assertEquals(130, code.join());
        assertEquals(
                "stir: Interrupted: the results so far are kept in %s; run the same command again to continue."
                        .formatted(out),
                err.toString().strip());
        try (var files = Files.walk(out)) {
            assertTrue(files.noneMatch(file -> file.getFileName().toString().startsWith(".")));
        }
        assertFalse(Files.exists(out.resolve("result.json")));
        assertFalse(ended.isDone(), "it ended by itself");
    }

    @Test
    void aCommandThatReachesItsTimeLimitStopsAndKeepsItsResults() throws Exception {
        var model = CommandRun.network(folder, 1).toString();
        var out = folder.resolve("out");
        var run = CommandRun.of(
                "score",
                model,
                model,
                "--inputs",
                CommandRun.images(folder, 4).toString(),
                "--optimizer",
                "published",
                "--iterations",
                "1000000",
                "--repeats",
                "100",
                "--out",
                out.toString(),
                "--timeout",
                "2s");
        assertEquals(
                "stir: Stopped after 2s (--timeout): the results so far are kept in %s; run the same command again to continue."
                        .formatted(out),
                run.failure(1).strip());
        assertTrue(Files.exists(out.resolve("study.json")));
    }

    @Test
    void aCommandThatEndsInTimeIsNotInterrupted() throws Exception {
        var run = CommandRun.of("layers", CommandRun.network(folder, 1).toString(), "--timeout", "1h30m");
        assertEquals(0, run.code(), run.err());
        assertEquals("", run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "0s", "-3s", "1d", "s", "1h-5m", "99999999999999h"})
    void textThatIsNotATimeIsRefused(String time) throws Exception {
        var sentence = CommandRun.of("layers", CommandRun.network(folder, 1).toString(), "--timeout=" + time)
                .failure(2);
        assertTrue(sentence.contains("'" + time + "' is not a time"), sentence);
    }

    @Test
    void workThatIgnoresInterruptsIsNotAwaitedForever() throws Exception {
        var err = new StringWriter();
        var ended = new CompletableFuture<Integer>();
        var worker = new Thread(() -> {}); // it never says that it has finished
        new Interruption(worker, new PrintWriter(err, true), ended::complete).interrupt();
        assertEquals(130, ended.get(1, TimeUnit.SECONDS));
        assertEquals(
                "stir: Interrupted during a step that did not end.",
                err.toString().strip());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDrawnLineIsErasedBeforeTheSentenceOnATerminal(boolean isTerminal) {
        var err = new StringWriter();
        var interruption = new Interruption(new Thread(() -> {}), new PrintWriter(err, true), code -> {});
        var command = StirCommand.commandLine(CommandRun.console(Optional.empty(), isTerminal, 80), interruption)
                .setErr(new PrintWriter(err, true));
        command.parseArgs();
        interruption.begun(command);
        interruption.interrupt();
        assertEquals(isTerminal, err.toString().startsWith("\r\u001b[Kstir: "), err::toString);
        assertEquals(!isTerminal, err.toString().startsWith("stir: "), err::toString);
    }

    @Command(name = "limited")
    private static final class LimitedCommand implements PassLimit.Limited {
        private final PassLimit limit = new PassLimit(Duration.ofMillis(100));

        @Override
        public PassLimit passes() {
            return limit;
        }
    }

    @Test
    void aPassBeyondTheLimitStopsTheCommand() throws Exception {
        var err = new StringWriter();
        var ended = new CompletableFuture<Integer>();
        var worker = new Thread(() -> {}); // it never says that it has finished
        var command = new LimitedCommand();
        new Interruption(worker, new PrintWriter(err, true), ended::complete)
                .begun(new CommandLine(command).setErr(new PrintWriter(err, true)));
        assertThrows(
                IllegalStateException.class,
                () -> command.limit.open(() -> {
                    assertEquals(1, ended.orTimeout(20, TimeUnit.SECONDS).join());
                    throw new IllegalStateException("not opened");
                }));
        assertEquals(
                "stir: Stopped: a pass through the network took longer than 0 s (change the limit with --timeout) during a step that did not end: nothing was saved.",
                err.toString().strip());
    }

    @Test
    void aRequestAfterTheEndHasNoEffect() {
        var interruption = new Interruption(Thread.currentThread(), new PrintWriter(new StringWriter()), code -> {});
        interruption.finished();
        interruption.interrupt();
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(Optional.empty(), interruption.request());
    }
}
