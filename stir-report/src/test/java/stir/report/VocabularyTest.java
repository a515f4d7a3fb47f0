package stir.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.io.arrays.NpyWriter;

class VocabularyTest {
    @TempDir
    Path folder;

    private Path embeddings() {
        var file = folder.resolve("e.npy");
        NpyWriter.write(file, Batch.of(Shape.of(2), 0, 0, 10, 0, 0, 10, 10, 10));
        return file;
    }

    private Path tokens(String... lines) throws IOException {
        return Files.write(folder.resolve("tokens.txt"), List.of(lines));
    }

    @Test
    void everyPositionHasTheNearestTokenInTheRangeOfTheInputs() throws IOException {
        var vocabulary = Vocabulary.read(embeddings(), Optional.of(tokens("the", " cat", "sat", "##s")));
        var rows = Batch.of(Shape.of(3, 2), 4.9f, 1, 6, 4, 5.1f, 9, 0, 0, 1, 9, 11, 4);
        var inputs = Inputs.of(rows, ValueRange.of(0, 11));
        assertEquals(
                List.of(List.of("the", " cat", "##s"), List.of("the", "sat", " cat")),
                vocabulary.nearest(inputs, 0, 1));
        var unit = Inputs.of(Batch.of(Shape.of(1, 2), 0.6f, 0.4f)).in(ValueRange.of(0, 10));
        assertEquals(1, Vocabulary.changed(List.of("a", "b"), List.of("a", "c")));
        // read as shares of the range: 0.6 stands for 0.6 before it is mapped to 0.06
        assertEquals(List.of(List.of("the")), vocabulary.nearest(unit, 0));
    }

    @Test
    void tokensAreNumbersWithoutNames() {
        var vocabulary = Vocabulary.read(embeddings(), Optional.empty());
        var inputs = Inputs.of(Batch.of(Shape.of(2), 9, 9), ValueRange.of(0, 10));
        assertEquals(List.of(List.of("3")), vocabulary.nearest(inputs, 0));
    }

    @Test
    void otherSizesAreRefused() throws IOException {
        var lines = tokens("one");
        assertTrue(assertThrows(DataException.class, () -> Vocabulary.read(embeddings(), Optional.of(lines)))
                .getMessage()
                .contains("has 1 lines, but "));
        var vocabulary = Vocabulary.read(embeddings(), Optional.empty());
        assertTrue(assertThrows(DataException.class, () -> vocabulary.check(Shape.of(4, 3)))
                .getMessage()
                .contains("embeddings of 2 values, but inputs are 4x3"));
    }
}
