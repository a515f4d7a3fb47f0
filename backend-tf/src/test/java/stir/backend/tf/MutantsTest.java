package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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
        "tf_vgg0, saved_model.pb, PROTOBUF, 28x28x1, 200000",
        "tf_vgg0, variables/variables.index, BYTES, 28x28x1, 300000",
        "adv0.frozen.pb, '', PROTOBUF, 28x28x1, 400000"
    })
    void eachIsRefusedOrComputes(
            String model, String part, Mutants.Format format, String input, long seeds)
            throws Exception {
        int count = Integer.getInteger("stir.mutants", 15);
        long first = seeds + Long.getLong("stir.mutants.first", 0);
        var result = run(model, part, format, input, first, count);
        result.append(model + " " + part);
        assertEquals(List.of(), result.failures());
        assertEquals(count, result.refused() + result.computed());
        assertTrue(result.refused() > count / 5, "most damage is detected");
    }

    @Test
    void aConstantOfAnUnknownTypeDoesNotEndTheProcess() throws Exception {
        var format = Mutants.Format.PROTOBUF;
        var result = run("adv0.frozen.pb", "", format, "28x28x1", 400_450, 1);
        assertEquals(List.of(), result.failures());
    }

    private MutantRun.Result run(
            String model, String part, Mutants.Format format, String input, long first, int count)
            throws Exception {
        return new MutantRun(
                        TfBackendProvider.class,
                        Resources.path(model),
                        part,
                        format,
                        Shape.parse(input),
                        Models.cache())
                .run(folder, first, count);
    }
}
