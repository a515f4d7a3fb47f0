package stir.cli;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** Networks and images for `stir score`. */
abstract class ScoredDigits {
    @TempDir Path folder;

    String a = "";
    String b = "";
    String images = "";

    @BeforeEach
    void files() throws IOException {
        a = CommandRun.network(folder, 1).toString();
        b = CommandRun.network(folder, 2).toString();
        images = CommandRun.images(folder, 12).toString();
    }
}
