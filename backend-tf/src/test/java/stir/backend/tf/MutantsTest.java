package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Shape;
import stir.api.testing.MutantRun;
import stir.api.testing.Mutants;

/**
 * Broken models: each is refused in one sentence, or opens and gives finite numbers. Each build
 * tries a few; {@code -Dstir.mutants=1000} tries that many per model, from the seed {@code
 * -Dstir.mutants.first}, and writes {@code target/mutants.md}.
 */
@Tag("slow")
class MutantsTest {
    private static final String REFUSED_OPERATIONS = """
            WriteFile ReadFile SaveV2 RestoreV2 PyFunc EagerPyFunc Abort FIFOQueueV2 QueueDequeueV2
            TextLineDataset TensorSliceDataset IteratorV2 IteratorGetNext WholeFileReaderV2
            MatchingFiles MergeV2Checkpoints PrintV2 LookupTableImportV2 InitializeTableFromTextFileV2
            Stage Unstage Barrier RecvTensor Send RpcCall XlaLaunch TPUExecute DecodeImage
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "tf_vgg0, saved_model.pb, PROTOBUF, 28x28x1, 38900000",
        "tf_vgg0, variables/variables.index, BYTES, 28x28x1, 39000000",
        "keras_vgg0, saved_model.pb, PROTOBUF, 28x28x1, 39100000",
        "adv0.frozen.pb, '', PROTOBUF, 28x28x1, 39200000"
    })
    void eachIsRefusedOrComputes(String model, String part, Mutants.Format format, String input, long seeds)
            throws Exception {
        int count = Integer.getInteger("stir.mutants", 6);
        long first = seeds + Long.getLong("stir.mutants.first", 0);
        var words = format == Mutants.Format.PROTOBUF ? operations() : List.<String>of();
        var result = mutants(model, part, format, input).withWords(words).run(folder, first, count);
        result.append(model + " " + part);
        assertEquals(List.of(), result.failures());
        assertEquals(count, result.refused() + result.computed());
        assertTrue(result.refused() > count / 5, "most damage is detected");
    }

    @Test
    void aConstantOfAnUnknownTypeDoesNotEndTheProcess() throws Exception {
        var format = Mutants.Format.PROTOBUF;
        var mutants = mutants("adv0.frozen.pb", "", format, "28x28x1");
        var result = mutants.run(folder, 400_450, 1);
        assertEquals(List.of(), result.failures());
    }

    private static List<String> operations() throws IOException {
        var allowed = Path.of("src/main/resources/stir/backend/tf/graph/allowed-operations.txt");
        var names = Files.readString(allowed) + " " + REFUSED_OPERATIONS;
        return List.of(names.strip().split("\\s+", -1));
    }

    private static MutantRun mutants(String model, String part, Mutants.Format format, String input) {
        return new MutantRun(
                TfBackendProvider.class, Resources.path(model), part, format, Shape.parse(input), Models.cache());
    }
}
