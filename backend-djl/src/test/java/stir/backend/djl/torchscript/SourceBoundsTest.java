package stir.backend.djl.torchscript;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.backend.djl.libtorch.SourceBounds;
import stir.backend.djl.libtorch.SourceException;

/** The allowed nesting of source and networks. */
class SourceBoundsTest {
    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{", "f(x, ", "-", "not ", "x.", "1 + ", "f(1, 2) + ", "x[0]"})
    void endlessRepetitionIsRefused(String piece) {
        assertDoesNotThrow(() -> SourceBounds.check("    x = " + piece.repeat(50)));
        assertThrows(SourceException.class, () -> SourceBounds.check("    x = " + piece.repeat(20_000)));
    }

    @Test
    void listsAndFilesWithoutEndAreRefused() {
        var list = "x = [" + "1, ".repeat(1_000_000) + "2]";
        var refusal = assertThrows(SourceException.class, () -> SourceBounds.check(list));
        assertTrue(String.valueOf(refusal.getMessage()).contains("a list of more than 100000"));
        var line = "x = f(y)\n".repeat(1_000_000);
        assertThrows(SourceException.class, () -> SourceBounds.check(List.of(line, line, line, line)));
    }

    @Test
    void blocksInBlocksAreRefused() {
        var ladder = IntStream.range(0, 1000)
                .mapToObj(i -> " ".repeat(2 * i) + "if x:")
                .collect(Collectors.joining("\n"));
        assertThrows(SourceException.class, () -> SourceBounds.check(ladder));
        assertThrows(SourceException.class, () -> SourceBounds.check("  elif x:\n    y\n".repeat(1000)));
    }

    @Test
    void longListsTextsAndFilesAreAccepted() {
        assertDoesNotThrow(() -> SourceBounds.check("x = [" + "1, ".repeat(100_000) + "2]"));
        assertDoesNotThrow(() -> SourceBounds.check("x = \"" + "((((".repeat(10_000) + "\""));
        assertDoesNotThrow(() -> SourceBounds.check("# " + "((((".repeat(10_000) + "\n"));
        assertDoesNotThrow(() -> SourceBounds.check("x = (a, b)\n".repeat(100_000)));
    }

    @Test
    void modulesThatContainThemselvesOrTooManyAreRefused() {
        assertThrows(SourceException.class, () -> Nesting.check("modules", "a", name -> List.of(name)));
        var ring = Map.of("a", "b", "b", "c", "c", "a");
        assertThrows(
                SourceException.class,
                () -> Nesting.check("modules", "a", name -> List.of(ring.getOrDefault(name, ""))));
        assertThrows( // each contains the next one twice
                SourceException.class,
                () -> Nesting.check("modules", 0, i -> i < 60 ? List.of(i + 1, i + 1) : List.of()));
        assertDoesNotThrow(() -> Nesting.check("modules", 0, i -> i < 90 ? List.of(i + 1) : List.of()));
    }
}
