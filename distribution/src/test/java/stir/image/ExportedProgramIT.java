package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.io.arrays.NpyWriter;

/** PyTorch's other exports from the command line: programs, sequences, half precision. */
class ExportedProgramIT {
    private static String program(String name) {
        return Path.of("../backend-djl/src/test/resources/stir/backend/djl", name)
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    private static String noise(Shape shape) throws IOException {
        var random = new Random(2);
        var inputs = Batch.allocate(12, shape);
        for (int i = 0; i < inputs.buffer().capacity(); i++) {
            inputs.buffer().put(i, random.nextFloat());
        }
        var file = Image.scratch("noise").resolve("x.npy");
        NpyWriter.write(file, inputs);
        return file.toString();
    }

    @Test
    void aProgramIsListedCheckedAndScored() throws IOException {
        var image = Image.built();
        var inputs = noise(Shape.of(3, 8, 8));
        var newer = program("exported.newer.pt2");
        var older = program("exported.older.pt2");
        var layers = image.stir("layers", newer).run().done();
        assertTrue(layers.contains("block.act") && layers.contains("*  pool "), layers);
        var check = image.stir("check", newer, "--against", older, "--inputs", inputs)
                .run()
                .done();
        assertTrue(check.contains("torch.export"), check);
        var score = image.stir(
                        "score",
                        newer,
                        older,
                        "--inputs",
                        inputs,
                        "--optimizer",
                        "fast",
                        "--iterations",
                        "20",
                        "--format",
                        "json")
                .run();
        assertEquals(0, score.code(), score.err());
        assertTrue(score.out().contains("exported.older.pt2"), score.out());
    }

    @Test
    void aScriptTakesSequences() throws IOException {
        var inputs = noise(Shape.of(5, 6));
        var out = Image.scratch("sequences").resolve("represented");
        Image.built()
                .stir(
                        "represent",
                        program("recurrent.script.pt"),
                        "--inputs",
                        inputs,
                        "--layer",
                        "lstm[0]",
                        "--out",
                        out.toString())
                .run()
                .done();
        assertTrue(Files.exists(out), out.toString());
    }

    @Test
    void halfPrecisionCausesAWarning() {
        var listed = Image.built().stir("layers", program("half.pt2")).run();
        assertEquals(0, listed.code(), listed.err());
        assertTrue(listed.err().contains("is computed in single precision"), listed.err());
    }
}
