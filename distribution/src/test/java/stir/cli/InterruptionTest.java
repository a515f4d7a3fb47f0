package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

class InterruptionTest {
    @TempDir Path folder;

    @Test
    void workEndsInOrderAndIsKept() throws Exception {
        var model = CommandRun.network(folder, 1).toString();
        var images = CommandRun.images(folder, 4).toString();
        var out = folder.resolve("out");
        var err = new StringWriter();
        var begun = new CountDownLatch(1);
        var code = new CompletableFuture<Integer>();
        var requests = new CompletableFuture<Interruption>();
        var worker =
                new Thread(
                        () -> {
                            var interruption = requests.join();
                            var root =
                                    StirCommand.commandLine(
                                                    new Session(Optional.empty(), false),
                                                    interruption::isRequested)
                                            .setErr(new PrintWriter(err, true));
                            begun.countDown();
                            code.complete(
                                    FrontEnd.execute(
                                            root,
                                            "score",
                                            model,
                                            model,
                                            "--inputs",
                                            images,
                                            "--iterations",
                                            "1000000",
                                            "--out",
                                            out.toString()));
                            interruption.finished();
                        });
        var interruption = Interruption.of(worker, new PrintWriter(err, true));
        requests.complete(interruption);
        worker.start();
        begun.await();
        while (!Files.exists(out.resolve("searches/a/hidden/reference/repeat-1"))) {
            assertTrue(worker.isAlive(), err::toString);
            Thread.sleep(20);
        }
        interruption.request();
        worker.join();
        assertEquals(130, code.join());
        assertEquals(
                "stir: Interrupted: what was found is kept in %s; run the same command again to go on."
                        .formatted(out),
                err.toString().strip());
        try (var files = Files.walk(out)) {
            assertTrue(files.noneMatch(file -> file.getFileName().toString().startsWith(".")));
        }
        assertFalse(Files.exists(out.resolve("result.json")));
    }

    @Test
    void aRequestAfterTheEndDoesNothing() {
        var interruption =
                Interruption.of(Thread.currentThread(), new PrintWriter(new StringWriter()));
        interruption.finished();
        interruption.request();
        assertFalse(Thread.currentThread().isInterrupted());
        assertFalse(interruption.isRequested());
    }
}
