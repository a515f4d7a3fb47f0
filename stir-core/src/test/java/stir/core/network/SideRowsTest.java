package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.inputs.RangeChoice;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.io.arrays.NpyReader;
import stir.core.representation.file.RepresentationFile;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.ScoreSettings;
import stir.core.store.Fingerprint;
import stir.core.store.LayerKey;

/** Searches of networks of several inputs, and of inputs with elements that stay. */
class SideRowsTest extends ArraySearches {
    @BeforeEach
    void writeArrays() {
        write("x", array("masked.x"));
        write("mask", array("masked.mask"));
        write("bias", array("masked.bias"));
    }

    private GivenInput given(String text) {
        return GivenInput.parse(text, folder::resolve);
    }

    /** Returns the network of a mask and a bias; a trace, which takes any type. */
    private NetworkSpec masked(String mask, String bias) {
        var given = Map.of("mask", given(mask), "bias", given(bias));
        return NetworkSpec.of(MODELS.resolve("masked.trace.pt"))
                .atLayerAlone("hidden")
                .withInputs(new ModelInputs(Optional.empty(), given));
    }

    private Inputs inputs() {
        return Inputs.open(folder.resolve("x.npy"));
    }

    @Test
    void representationsAreThoseOfEachInputWithItsOwnRows() {
        try (var network = stir.open(masked("mask.npy", "bias.npy"))) {
            var file = folder.resolve("h.npy");
            new RepresentationFile(network, inputs(), Optional.empty(), false)
                    .write(file, false, ProgressListener.SILENT);
            try (var reader = NpyReader.open(file)) {
                var expected = array("masked.h").toArray();
                for (int i = 0; i < expected.length; i++) {
                    assertEquals(expected[i], reader.values()[i], 2e-6);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Optimizer.class,
            names = {"THOROUGH", "FAST", "PUBLISHED"})
    void noNumberOfRowsOrThreadsChangesAResult(Optimizer optimizer) {
        var spec = masked("mask.npy", "bias.npy");
        var expected = invert(spec.withThreads(1).withBatchSize(100), inputs(), optimizer);
        assertFound(expected, optimizer);
        for (var other : new int[][] {{1, 1}, {2, 3}, {2, 100}}) {
            var again = invert(spec.withThreads(other[0]).withBatchSize(other[1]), inputs(), optimizer);
            assertArrayEquals(invariant(expected), invariant(again));
            assertEquals(expected.meanResidual(), again.meanResidual());
        }
    }

    @Test
    void onePairOfNetworksIsScoredWithGivenInputs() {
        try (var a = stir.open(masked("mask.npy", "bias.npy"));
                var b = stir.open(masked("mask.npy", "0.5"))) {
            var comparison = stir.compare(a, b, inputs(), ScoreSettings.DEFAULT);
            assertTrue(Double.isFinite(value(comparison)));
        }
    }

    @Test
    void aLimitTakesTheFirstRows() {
        var spec = masked("mask.npy", "bias.npy");
        var all = invariant(invert(spec, inputs(), Optimizer.FAST));
        var some = invariant(invert(spec, inputs().limit(2), Optimizer.FAST));
        for (int i = 0; i < some.length; i++) {
            assertEquals(all[i], some[i], 1e-4, "value " + i); // passes have other sizes
        }
    }

    @Test
    void anotherNumberOfRowsIsRefused() {
        write("mask", array("masked.mask").slice(0, 4).copy());
        var spec = masked("mask.npy", "bias.npy");
        var refusal = assertThrows(StirException.class, () -> invert(spec, inputs(), Optimizer.FAST));
        assertTrue(
                refusal.getMessage().contains("has 4 rows for the input 'mask', but there are 5"),
                refusal.getMessage());
    }

    @Test
    void theBytesOfGivenInputsArePartOfTheIdentity() {
        var before = LayerKey.of(masked("mask.npy", "0.5"), ModelIdentity.of("", ""), "", "");
        var constant = LayerKey.of(masked("mask.npy", "0.25"), ModelIdentity.of("", ""), "", "");
        var changed = array("masked.mask");
        changed.set(0, 4, 0);
        write("mask", changed);
        var after = LayerKey.of(masked("mask.npy", "0.5"), ModelIdentity.of("", ""), "", "");
        assertNotEquals(before.hash(), after.hash());
        assertNotEquals(before.hash(), constant.hash());
        var one = NetworkSpec.of(Path.of("a.pt"));
        assertTrue(ModelInputs.ONE.identity().isEmpty());
        assertEquals(
                LayerKey.of(one, ModelIdentity.of("", ""), "", "").hash(),
                LayerKey.of(one.withInputs(ModelInputs.ONE), ModelIdentity.of("", ""), "", "")
                        .hash());
    }

    private InversionSettings controversial(String inputs) {
        return InversionSettings.PUBLISHED
                .withIterations(20)
                .with(
                        SearchOption.CONTROVERSIAL,
                        MODELS.resolve("masked.trace.pt").toString())
                .with(SearchOption.SECOND_LAYER, "hidden")
                .with(SearchOption.SECOND_INPUT, inputs);
    }

    @Test
    void theSecondNetworkOfASearchReceivesItsInputs() {
        var mask = "mask=" + folder.resolve("mask.npy");
        var reference = NetworkSpec.of(MODELS.resolve("sequence.pt2")).atLayerAlone("first");
        try (var network = stir.open(reference)) {
            var half = controversial(mask + ",bias=0.5");
            var inversion = stir.invert(network, inputs(), half);
            var none = controversial(mask + ",bias=" + folder.resolve("bias.npy"));
            var other = stir.invert(network, inputs(), none);
            assertNotEquals(inversion.meanResidual(), other.meanResidual());
            var described = none.describeContent();
            assertEquals("bias=bias.npy,mask=mask.npy", described.get("second-input"));
            assertTrue(described.containsKey("second-input mask-sha256"), described::toString);
            assertEquals("bias=0.5,mask=mask.npy", half.describeContent().get("second-input"));
            var refusal = assertThrows(UsageException.class, () -> stir.invert(network, inputs(), controversial(mask)));
            var sentence = refusal.getMessage();
            assertTrue(sentence.contains("The second network (second-input gives its inputs): "), sentence);
            assertTrue(sentence.contains("bias"), sentence);
            assertTrue(refusal.refusal().remedies().contains(Remedy.GIVE_SECOND_INPUT));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Optimizer.class,
            names = {"THOROUGH", "FAST", "PUBLISHED"})
    void fixedElementsStay(Optimizer optimizer) {
        var mask = Batch.allocate(5, Shape.of(3));
        for (int i = 0; i < 6; i++) {
            mask.buffer().put(i, 1); // the first two positions
        }
        var file = write("fixed", mask);
        var whole = InputsSpec.of(folder.resolve("x.npy"));
        var inputs = whole.withFixed(file).open();
        assertNotEquals(Fingerprint.of(whole.open()), Fingerprint.of(inputs));
        var given = array("masked.x").toArray();
        var inversion = invert(masked("1", "bias.npy"), inputs, optimizer);
        var invariant = invariant(inversion);
        double moved = 0;
        for (int i = 0; i < invariant.length; i++) {
            if (i % 15 < 6) {
                assertEquals(given[i], invariant[i]);
            } else {
                moved += Math.abs(given[i] - invariant[i]);
            }
        }
        assertTrue(moved > 1, "" + moved);
        assertFound(inversion, optimizer);
    }

    @Test
    void aMaskOfAnotherShapeIsRefused() {
        var file = write("fixed", Batch.allocate(4, Shape.of(3)));
        var spec = InputsSpec.of(folder.resolve("x.npy")).withFixed(file);
        var refusal = assertThrows(DataException.class, spec::open);
        assertTrue(refusal.getMessage().contains("not a mask of the inputs"), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequence", "channels", "volume", "wave", "table"})
    void arraysOfAnyShapeAreSearchedAndScored(String name) {
        var file = write(name, array(name + ".x"));
        var inputs = InputsSpec.of(file).withRange(RangeChoice.DATA).open();
        var trace = NetworkSpec.of(MODELS.resolve(name + ".trace.pt")).atLayerAlone("hidden");
        var program = NetworkSpec.of(MODELS.resolve(name + ".pt2")).atLayerAlone("hidden");
        var inversion = invert(program, inputs, Optimizer.THOROUGH);
        assertFound(inversion, Optimizer.THOROUGH);
        assertEquals(inputs.shape(), inversion.invariantInputs().shape());
        try (var a = stir.open(trace);
                var b = stir.open(program)) {
            var comparison = stir.compare(a, b, inputs, ScoreSettings.DEFAULT);
            assertEquals(1, value(comparison), 0.05);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, INTEGER", "-2, INTEGER", "0.5, FLOAT", "1e3, FLOAT", "true, BOOLEAN", "False, BOOLEAN"})
    void aNumberIsAConstantOfItsKind(String text, String type) {
        var constant = (GivenInput.Constant) given(text);
        assertEquals(type, constant.type().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"16777217", "-16777217", "1e39", "NaN"})
    void aNumberThatSinglePrecisionDoesNotHoldIsRefused(String text) {
        assertThrows(UsageException.class, () -> given(text));
    }

    @Test
    void otherInputsAsCandidatesAreRefusedWhereRowsDiffer() {
        var spec = masked("mask.npy", "0.5");
        var settings = InversionSettings.of(Optimizer.CANDIDATES.method());
        try (var network = stir.open(spec)) {
            var refusal = assertThrows(UsageException.class, () -> stir.invert(network, inputs(), settings));
            assertTrue(refusal.getMessage().contains("which differ by row"), refusal.getMessage());
        }
    }
}
