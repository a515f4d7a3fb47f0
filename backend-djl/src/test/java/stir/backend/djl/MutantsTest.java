package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import stir.api.Shape;
import stir.api.contract.MutantRun;
import stir.api.contract.Mutants;

import java.nio.file.Path;
import java.util.List;

/**
 * Broken archives: each is refused in one sentence, or opens and gives finite numbers. Each build
 * tries a few; {@code -Dstir.mutants=1000} tries that many per network, from the seed {@code
 * -Dstir.mutants.first}, and writes {@code target/mutants.md}.
 */
@Tag("slow")
class MutantsTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "vgg0.trace.pt, 0, TORCHSCRIPT, 1x28x28, 25",
        "vit0.script.pt, 100000, TORCHSCRIPT, 1x28x28, 25",
        "exported.newer.pt2, 200000, PROGRAM, 3x8x8, 100",
        "exported.older.pt2, 300000, PROGRAM, 3x8x8, 50"
    })
    void eachIsRefusedOrComputes(
            String network, long seeds, Mutants.Format format, String input, int usually)
            throws Exception {
        int count = Integer.getInteger("stir.mutants", usually);
        long first = seeds + Long.getLong("stir.mutants.first", 0);
        var result =
                new MutantRun(
                                DjlBackendProvider.class,
                                Fixture.file(network),
                                "",
                                format,
                                Shape.parse(input),
                                Fixture.cache())
                        .run(folder, first, count);
        result.append(network);
        assertEquals(List.of(), result.failures());
        assertEquals(count, result.refused() + result.computed());
        assertTrue(result.refused() > count / 4, "most damage is detected");
    }
}
