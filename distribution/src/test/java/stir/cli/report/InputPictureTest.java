package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.io.arrays.NpyWriter;

class InputPictureTest {
    @TempDir
    Path folder;

    private Inputs inputs(Batch batch) {
        try {
            var file = Files.createTempFile(folder, "inputs", ".npy");
            NpyWriter.write(file, batch);
            return Inputs.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void inputsStandAboveTheirInvariantInputs() {
        var shape = Shape.of(3, 1, 2);
        var input = Batch.of(shape, 1, 0, 0, 1, 0, 0); // red, then green
        var invariant = Batch.of(shape, 0, 0, 0, 0, 1, 0); // blue, then black
        var image = InputPicture.of(inputs(input), List.of(inputs(invariant)))
                .orElseThrow()
                .image();
        int zoom = 42;
        assertEquals(4 + 2 * zoom + 4, image.getWidth());
        assertEquals(4 + zoom + 4 + zoom + 4, image.getHeight());
        assertEquals(0xFFFFFFFF, image.getRGB(3, 3), "the gap");
        assertEquals(0xFFFF0000, image.getRGB(4, 4));
        assertEquals(0xFF00FF00, image.getRGB(4 + zoom, 4));
        assertEquals(0xFF0000FF, image.getRGB(4, 8 + zoom));
        assertEquals(0xFF000000, image.getRGB(3 + 2 * zoom, 7 + 2 * zoom));
        assertEquals(0xFFFFFFFF, image.getRGB(4 + 2 * zoom, 10), "the gap on the right");
    }

    @Test
    void vectorsHaveNone() {
        assertTrue(
                InputPicture.of(inputs(Batch.of(Shape.of(2), 0, 1)), List.of()).isEmpty());
    }
}
