package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks whose passes never come back, on every backend. */
class EndlessIT {
    /** It is below 2 s, unless the machine has much else to do. */
    private static final Duration PROMPT = Duration.ofSeconds(6);

    /** The processor time after which the network of ONNX is loaded and its pass has begun. */
    private static final Duration STARTED = Duration.ofMillis(2500);

    private static Launch represent(String network, String layer, String... more) throws IOException {
        var image = Image.built();
        var command = new String[] {
            "represent",
            Path.of("src", "test", "resources", "endless", network)
                    .toAbsolutePath()
                    .toString(),
            "--layer",
            layer,
            "--inputs",
            image.demo("mnist500-images-idx3-ubyte"),
            "--limit",
            "4",
            "--verbose",
            "--out",
            Image.scratch("endless").resolve("values.npy").toString()
        };
        var all = Stream.of(command, more).flatMap(Stream::of);
        return image.stir(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"network.pt, head", "network.onnx, output", "network.pb, output"})
    void isStoppedWhenItsTimeIsOver(String network, String layer) throws IOException {
        var ended = represent(network, layer, "--timeout", "2s").run();
        assertEquals(1, ended.code(), ended.err());
        assertTrue(last(ended).startsWith("stir: Stopped after 2s (--timeout)"), ended.err());
    }

    /** As the time limit above, which is tested on every backend: both end the process in one way. */
    @Test
    void isStoppedWithoutMuchDelayWhenTheUserAsks() throws Exception {
        var running = represent("network.onnx", "output").start();
        while (processorTime(running).compareTo(STARTED) < 0) {
            assertTrue(running.process().isAlive(), running.errorsSoFar());
            TimeUnit.MILLISECONDS.sleep(50);
        }
        long asked = System.nanoTime();
        running.process().destroy();
        var ended = running.end();
        long taken = System.nanoTime() - asked;
        assertEquals(130, ended.code(), ended.err());
        // A backend that is still being loaded, on a busy machine, is named.
        assertTrue(last(ended).matches("stir: Interrupted during a .* that did not end.*"), ended.err());
        assertTrue(taken < PROMPT.toNanos(), taken / 1e9 + " s");
    }

    @ParameterizedTest
    @CsvSource({"layers", "check"})
    void commandsThatLookAtANetworkAreStoppedToo(String command) throws Exception {
        var network = Path.of("src", "test", "resources", "endless", "network.pt");
        var launch = Image.built()
                .stir(command, network.toAbsolutePath().toString(), "--shape", "1x28x28", "--timeout", "2s");
        var ended = launch.run();
        assertEquals(1, ended.code(), ended.err());
        assertTrue(last(ended).startsWith("stir: Stopped after 2s (--timeout)"), ended.err());
    }

    private static Duration processorTime(Launch.Running running) {
        var launcher = running.process();
        return Stream.concat(Stream.of(launcher.toHandle()), launcher.descendants())
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static String last(Launch.Ended ended) {
        return ended.err().lines().reduce("", (before, line) -> line);
    }
}
