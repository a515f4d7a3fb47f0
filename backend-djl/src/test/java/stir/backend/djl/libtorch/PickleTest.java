package stir.backend.djl.libtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that are accepted, and pickles that libtorch must not read. */
class PickleTest {
    private static final String STORAGE = "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + "0X\3\0\0\0cpuK\14tQ";

    private static Pickle.Unpickled read(String pickle) {
        return Pickle.read(pickle.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String rebuilt(String function, String storage) {
        return "ctorch._utils\n" + function + "\n(" + storage + "K\2(K\3K\2t(K\2K\1t\u0089NtR";
    }

    @Test
    void aTensorIsFoundAnywhere() {
        var content = read("\u0080\2}X\1\0\0\0a(" + rebuilt("_rebuild_tensor_v2", STORAGE) + "K\5ts.");
        var tensor = new Pickle.TensorView(
                new Pickle.Storage("torch.FloatStorage", "0", 12), 2, List.of(3L, 2L), List.of(2L, 1L));
        assertEquals(List.of(tensor), content.tensors());
        assertTrue(content.root().toString().contains("a=[TensorView["), content.root()::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "]q\1h\1a.", // a list that contains itself
                "]q\1(h\1ta.", // a list in a tuple in itself
                "}q\1X\1\0\0\0ah\1s.", // a map that contains itself
                "}(K\1u.", // a key without a value
                "}(K\1K\2K\3u.",
                "}(]K\1u.", // a list as a key
                "Nr\377\377\377\177.", // a memo of 2 billion
                "q\1.",
                "h\1.",
                "NN.", // two values
                "(N.", // an additional mark
                "N(0t.",
                "K\0)R.", // a number as a function
                "cos\nsystem\nX\2\0\0\0ls\u0085R.",
                "c__torch__\nA\n}R.", // an object created without its opcode
                "c__torch__\nA\n)\u0081)b", // without an end
                "X\377\377\377\177a.", // a text of 2 billion
                "X\377\377\377\377a.",
                "c__torch__.torch.classes.quantized\nConv\n)\u0081.",
                "ctorch.jit._pickle\nbuild_intlist\n](K\1Ne\u0085R.",
            })
    void picklesThatPyTorchDoesNotWriteAreRefused(String pickle) {
        assertThrows(SourceException.class, () -> read(pickle));
    }

    @ParameterizedTest
    @ValueSource(strings = {"_rebuild_qtensor", "_rebuild_sparse_tensor", "_rebuild_anything"})
    void otherTensorsAreRefused(String function) {
        assertThrows(SourceException.class, () -> read(rebuilt(function, STORAGE) + "."));
    }

    @Test
    void aTensorOfATensorIsRefused() {
        var tensor = rebuilt("_rebuild_tensor_v2", STORAGE);
        read(tensor + ".");
        assertThrows(SourceException.class, () -> read(rebuilt("_rebuild_tensor_v2", tensor) + "."));
    }

    /** {@code torch.save} writes parameters with attributes and subclasses of tensors so. */
    @Test
    void aParameterWithAStateIsATensor() {
        var tensor = rebuilt("_rebuild_tensor_v2", STORAGE);
        var parameter = "ctorch._utils\n_rebuild_parameter_with_state\n(" + tensor + "\u0089N}tR";
        var typed = "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_parameter\nctorch.nn\nParameter\n("
                + tensor
                + "\u0089Nt}tR";
        assertEquals(read(tensor + ".").root(), read(parameter + ".").root());
        assertEquals(read(tensor + ".").root(), read(typed + ".").root());
    }

    @Test
    void classesAreRenamed() {
        var pickle = ("(" + rebuilt("_rebuild_tensor_v2", STORAGE) + "X\1\0\0\0ct.");
        var renamed = Pickle.renamed(
                pickle.getBytes(StandardCharsets.ISO_8859_1), Map.of("torch.FloatStorage", "torch.other.Storage"));
        assertEquals(
                pickle.replace("ctorch\nFloatStorage\n", "ctorch.other\nStorage\n"),
                new String(renamed, StandardCharsets.ISO_8859_1));
    }

    @Test
    void nestingIsBounded() {
        read("N" + "\u0085".repeat(300) + ".");
        assertThrows(SourceException.class, () -> read("N" + "\u0085".repeat(20_000) + "."));
        assertThrows(SourceException.class, () -> read("(".repeat(500) + "t".repeat(500) + "."));
    }

    @Test
    void repeatedDoublingIsBounded() {
        assertThrows(SourceException.class, () -> read("Nq\1" + "h\1h\1\u0086q\1".repeat(60) + "."));
    }

    @Test
    void manyItemsAreReadInTime() {
        var content = read("](" + "K\1".repeat(1_000_000) + "e.");
        assertEquals(1_000_000, ((List<?>) content.root()).size());
    }
}
