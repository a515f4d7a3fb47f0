package stir.backend.onnx;

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
 * Broken models: each is refused in one sentence, or opens and gives finite numbers. Each build
 * tries a few; {@code -Dstir.mutants=1000} tries that many per model, from the seed {@code
 * -Dstir.mutants.first}, and writes {@code target/mutants.md}.
 */
@Tag("slow")
class MutantsTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "fixtures/vgg0, 1x28x28, 500000",
        "fixtures/vit0, 1x28x28, 600000",
        "variants/control, 4, 700000",
        "variants/function, 3x16x16, 800000"
    })
    void eachIsRefusedOrComputes(String network, String input, long seeds) throws Exception {
        int count = Integer.getInteger("stir.mutants", 15);
        var result = run(network, input, seeds + Long.getLong("stir.mutants.first", 0), count);
        result.append(network);
        assertEquals(List.of(), result.failures());
        assertEquals(count, result.refused() + result.computed());
        assertTrue(result.refused() > count / 5, "most damage is detected");
    }

    @ParameterizedTest
    @CsvSource({
        "fixtures/vgg0, 1x28x28, 500271", // a layer with more numbers than an int counts
        "fixtures/vgg0, 1x28x28, 500209", // a stride of zero, which ended the process
        "fixtures/vit0, 1x28x28, 600073", // a normalisation from a missing axis
        "fixtures/vit0, 1x28x28, 600233", // a permutation with an axis that does not exist
        "variants/function, 3x16x16, 800444", // reported in terms of C++
        "fixtures/vit0, 1x28x28, 601008", // a permutation with a missing axis
        "variants/function, 3x16x16, 801097", // a window without axes
        "variants/function, 3x16x16, 801016" // refused only during a pass
    })
    void mutantsThatWereOnceAcceptedAreRefused(String network, String input, long seed)
            throws Exception {
        var result = run(network, input, seed, 1);
        assertEquals(List.of(), result.failures());
    }

    private MutantRun.Result run(String network, String input, long first, int count)
            throws Exception {
        return new MutantRun(
                        OnnxBackendProvider.class,
                        Path.of("src", "test", "resources", network + ".onnx"),
                        "",
                        Mutants.Format.PROTOBUF,
                        Shape.parse(input),
                        Fixtures.cache())
                .run(folder, first, count);
    }
}
