package stir.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.core.representation.MatrixFile;

class RepresentCommandTest {
    private static final int COUNT = 230;
    private static final int ROW_BYTES = 6 * Float.BYTES;

    @TempDir
    Path folder;

    private String model = "";
    private String inputs = "";

    @BeforeEach
    void makeModelAndInputs() throws IOException {
        model = CommandRun.network(folder, 1).toString();
        inputs = CommandRun.images(folder, COUNT).toString();
    }

    private CommandRun represent(Path out, String... more) {
        var arguments = new String[6 + more.length];
        System.arraycopy(
                new String[] {"represent", model, "--inputs", inputs, "--out", out.toString()}, 0, arguments, 0, 6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return CommandRun.of(arguments);
    }

    @Test
    void rowsFollowTheOrderOfTheInputs() throws IOException {
        var out = folder.resolve("a.npy");
        var text = represent(out).out();
        assertTrue(text.startsWith("hidden  230 rows of 6  "), text);
        var matrix = MatrixFile.read(out);
        assertEquals(COUNT, matrix.rows());
        assertEquals(6, matrix.columns());
        var few = folder.resolve("few.npy");
        assertEquals(0, represent(few, "--limit", "3", "--batch-size", "2").code());
        var first = MatrixFile.read(few);
        for (int row = 0; row < 3; row++) {
            for (int i = 0; i < 6; i++) {
                assertEquals(matrix.get(row, i), first.get(row, i));
            }
        }
        var same = CommandRun.of("similarity", out.toString(), out.toString());
        assertEquals("linear-cka           1.0000\nlinear-cka-debiased  1.0000\n", same.out());
    }

    @Test
    void filesOfAnotherKindAreRefusedInPlaceOfFoldersOfTheirName() {
        for (var name : List.of("x.csv", "X.NPZ", "x.pt")) {
            var out = folder.resolve(name);
            var refusal = represent(out).failure(2);
            assertTrue(refusal.contains("written only as .npy, not into " + out), refusal);
            assertFalse(Files.exists(out));
        }
        assertEquals(0, represent(folder.resolve("v1.2")).code());
    }

    @Test
    void severalLayersAreSavedInAFolder() throws IOException {
        var out = folder.resolve("all");
        var document =
                represent(out, "--layer", "hidden,logits", "--format", "json").document();
        assertEquals(2, document.get("files").size());
        assertEquals(3, MatrixFile.read(out.resolve("logits.npy")).columns());
        var refused = represent(folder.resolve("b.npy"), "--layer", "hidden,logits");
        assertTrue(refused.failure(2).contains("choose a folder"), refused.err());
    }

    @Test
    void aStoppedCommandContinuesWithTheSameBytes() throws IOException {
        var out = folder.resolve("a.npy");
        assertEquals(0, represent(out).code());
        var whole = Files.readAllBytes(out);
        int header = whole.length - COUNT * ROW_BYTES;
        var part = folder.resolve("a.npy.part");
        // as a kill leaves it: some rows, and a piece of one more
        Files.write(part, Arrays.copyOf(whole, header + 215 * ROW_BYTES + 5));
        Files.delete(out);
        var run = represent(out, "--batch-size", "50");
        assertTrue(run.out().contains("(100 of 230 inputs were there)"), run.out() + run.err());
        assertArrayEquals(whole, Files.readAllBytes(out));
        assertTrue(Files.notExists(part));
        assertTrue(represent(out).out().contains("(230 of 230 inputs were there)"));
    }

    @Test
    void filesOfAnotherOriginAreKept() throws IOException {
        var out = folder.resolve("a.npy");
        assertEquals(0, represent(out).code());
        var refused = represent(out, "--layer", "logits");
        assertTrue(refused.failure(2).contains("layer was hidden and is logits"), refused.err());
        assertEquals(6, MatrixFile.read(out).columns());
        assertEquals(0, represent(out, "--layer", "logits", "--force").code());
        assertEquals(3, MatrixFile.read(out).columns());
        var foreign = Files.writeString(folder.resolve("foreign.npy"), "x");
        assertTrue(represent(foreign).failure(2).contains("something else"));
    }
}
