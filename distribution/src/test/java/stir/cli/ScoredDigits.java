package stir.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Networks and images for `stir score`. */
abstract class ScoredDigits {
    @TempDir
    Path folder;

    String a = "";
    String b = "";
    String images = "";

    @BeforeEach
    void files() throws IOException {
        a = CommandRun.network(folder, 1).toString();
        b = CommandRun.network(folder, 2).toString();
        images = CommandRun.images(folder, 12).toString();
    }

    /** Runs `stir score` on both networks and the images, with further words. */
    CommandRun score(String... more) {
        var words = Stream.of("score", a, b, "--inputs", images);
        return CommandRun.of(Stream.concat(words, Stream.of(more)).toArray(String[]::new));
    }
}
