package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.Batch;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inputs.Fingerprint;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.inputs.RangeChoice;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.search.NearestCandidates;
import stir.core.io.arrays.NpyReader;
import stir.core.io.arrays.NpyWriter;
import stir.core.representation.RepresentationFile;
import stir.core.representation.RepresentationReduction;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.Comparison;
import stir.core.score.ScoreSettings;
import stir.core.store.LayerKey;
import stir.core.study.StudyListener;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Searches of networks of several inputs, and of inputs with elements that stay or do not count.
 */
class SideRowsTest {
    private static final Path MODELS =
            Path.of(
                    "..",
                    "backend-djl",
                    "src",
                    "test",
                    "resources",
                    "stir",
                    "backend",
                    "djl",
                    "inputs");
    private static final Shape SEQUENCE = Shape.of(5, 3);
    private static final int ROWS = 5;

    @TempDir private Path folder;
    private final Stir stir =
            Stir.load(Optional.empty(), Path.of("target", "native-cache").toAbsolutePath());

    @BeforeEach
    void writeArrays() {
        write("x", array("masked.x"));
        write("mask", array("masked.mask"));
        write("bias", array("masked.bias"));
    }

    private static Batch array(String name) {
        try (var reader = NpyReader.open(MODELS.resolve("inputs.npz"), name)) {
            var rows = Batch.allocate(reader.count(), reader.rowShape());
            for (int row = 0; row < rows.rows(); row++) {
                reader.read(row, rows, row);
            }
            return rows;
        }
    }

    private Path write(String name, Batch rows) {
        var file = folder.resolve(name + ".npy");
        try (var writer = new NpyWriter(file, rows.rows(), rows.rowShape())) {
            writer.write(rows);
        }
        return file;
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

    private Inversion invert(NetworkSpec spec, Inputs inputs, Optimizer optimizer) {
        try (var network = stir.open(spec)) {
            var settings = InversionSettings.of(optimizer.method()).withIterations(60);
            return stir.invert(network, inputs, settings, StudyListener.SILENT);
        }
    }

    private static float[] found(Inversion inversion) {
        return inversion.invariantInputs().read(0, inversion.count()).toArray();
    }

    /** Returns the score; 1 if so few inputs define none. */
    private static double value(Comparison comparison) {
        var estimate = comparison.bGivenA().stir().values().iterator().next();
        return estimate.value().orElse(1);
    }

    /** Asserts that a search came near; the published steps have one length and do not settle. */
    private static void assertFound(Inversion inversion, Optimizer optimizer) {
        double most = optimizer == Optimizer.REFERENCE ? 0.9 : 0.1;
        assertTrue(inversion.meanResidual() < most, "residual " + inversion.meanResidual());
    }

    @Test
    void representationsAreThoseOfEachInputWithItsOwnRows() {
        try (var network = stir.open(masked("mask.npy", "bias.npy"))) {
            var file = folder.resolve("h.npy");
            new RepresentationFile(network, inputs(), Optional.empty())
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
            names = {"THOROUGH", "FAST", "REFERENCE"})
    void noNumberOfRowsOrThreadsChangesAResult(Optimizer optimizer) {
        var spec = masked("mask.npy", "bias.npy");
        var expected = invert(spec.withThreads(1).withBatchSize(100), inputs(), optimizer);
        assertFound(expected, optimizer);
        for (var other : new int[][] {{1, 1}, {2, 3}, {2, 100}}) {
            var again =
                    invert(spec.withThreads(other[0]).withBatchSize(other[1]), inputs(), optimizer);
            assertArrayEquals(found(expected), found(again));
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
        var all = found(invert(spec, inputs(), Optimizer.FAST));
        var some = found(invert(spec, inputs().limit(2), Optimizer.FAST));
        for (int i = 0; i < some.length; i++) {
            assertEquals(all[i], some[i], 1e-4, "value " + i); // passes have other sizes
        }
    }

    @Test
    void anotherNumberOfRowsIsRefused() {
        write("mask", array("masked.mask").slice(0, 4).copy());
        var spec = masked("mask.npy", "bias.npy");
        var refusal =
                assertThrows(StirException.class, () -> invert(spec, inputs(), Optimizer.FAST));
        assertTrue(
                refusal.getMessage().contains("has 4 rows for the input 'mask', but there are 5"),
                refusal.getMessage());
    }

    @Test
    void theBytesOfGivenInputsArePartOfTheIdentity() {
        var before = LayerKey.of(masked("mask.npy", "0.5"), "", "", "", "");
        var constant = LayerKey.of(masked("mask.npy", "0.25"), "", "", "", "");
        var changed = array("masked.mask");
        changed.set(0, 4, 0);
        write("mask", changed);
        var after = LayerKey.of(masked("mask.npy", "0.5"), "", "", "", "");
        assertNotEquals(before.hash(), after.hash());
        assertNotEquals(before.hash(), constant.hash());
        var one = NetworkSpec.of(Path.of("a.pt"));
        assertTrue(ModelInputs.ONE.identity().isEmpty());
        assertEquals(
                LayerKey.of(one, "", "", "", "").hash(),
                LayerKey.of(one.withInputs(ModelInputs.ONE), "", "", "", "").hash());
    }

    private InversionSettings controversial(String inputs) {
        return InversionSettings.REFERENCE
                .withIterations(20)
                .with(SearchOption.CONTROVERSIAL, MODELS.resolve("masked.trace.pt").toString())
                .with(SearchOption.SECOND_LAYER, "hidden")
                .with(SearchOption.SECOND_INPUT, inputs);
    }

    @Test
    void theSecondNetworkOfASearchReceivesItsInputs() {
        var mask = "mask=" + folder.resolve("mask.npy");
        var reference = NetworkSpec.of(MODELS.resolve("sequence.pt2")).atLayerAlone("first");
        try (var network = stir.open(reference)) {
            var half = controversial(mask + ",bias=0.5");
            var inversion = stir.invert(network, inputs(), half, StudyListener.SILENT);
            var none = controversial(mask + ",bias=" + folder.resolve("bias.npy"));
            var other = stir.invert(network, inputs(), none, StudyListener.SILENT);
            assertNotEquals(inversion.meanResidual(), other.meanResidual());
            var described = none.describeContent();
            assertEquals("bias=bias.npy,mask=mask.npy", described.get("second-input"));
            assertTrue(described.containsKey("second-input mask-sha256"), described::toString);
            assertEquals("bias=0.5,mask=mask.npy", half.describeContent().get("second-input"));
            var refusal =
                    assertThrows(
                            UsageException.class,
                            () ->
                                    stir.invert(
                                            network,
                                            inputs(),
                                            controversial(mask),
                                            StudyListener.SILENT));
            var sentence = refusal.getMessage();
            assertTrue(
                    sentence.contains("The second network (second-input gives its inputs): "),
                    sentence);
            assertTrue(sentence.contains("bias"), sentence);
            assertTrue(refusal.refusal().remedies().contains(Remedy.GIVE_SECOND_INPUT));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Optimizer.class,
            names = {"THOROUGH", "FAST", "REFERENCE"})
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
        var found = found(inversion);
        double moved = 0;
        for (int i = 0; i < found.length; i++) {
            if (i % 15 < 6) {
                assertEquals(given[i], found[i]);
            } else {
                moved += Math.abs(given[i] - found[i]);
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

    /** Writes an archive of sequences whose padding has a value, with their lengths. */
    private Path padded(String name, float padding, int... lengths) throws IOException {
        return padded(array("sequence.x"), name, padding, lengths);
    }

    private Path padded(Batch rows, String name, float padding, int... lengths) throws IOException {
        int features = rows.rowShape().dimension(1);
        for (int row = 0; row < ROWS; row++) {
            for (int i = features * lengths[row]; i < rows.rowSize(); i++) {
                rows.set(row, i, padding);
            }
        }
        var numbers = Batch.allocate(ROWS, Shape.of());
        for (int row = 0; row < ROWS; row++) {
            numbers.set(row, 0, lengths[row]);
        }
        var archive = folder.resolve(name + ".npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("array.npy"));
            zip.write(Files.readAllBytes(write(name, rows)));
            zip.putNextEntry(new ZipEntry("lengths.npy"));
            zip.write(vector(numbers.toArray()));
        }
        return archive;
    }

    private static byte[] vector(float[] values) {
        var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d,), }";
        var header = "%-117s\n".formatted(text.formatted(values.length));
        var bytes = ByteBuffer.allocate(128 + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        bytes.put((byte) 1).put((byte) 0).putShort((short) 118);
        bytes.put(header.getBytes(StandardCharsets.US_ASCII));
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    @ParameterizedTest
    @EnumSource(
            value = Optimizer.class,
            names = {"THOROUGH", "FAST", "REFERENCE"})
    void paddingIsNotSearchedNorComparedNorCounted(Optimizer optimizer) throws IOException {
        var lengths = new int[] {5, 3, 1, 4, 2};
        var spec =
                NetworkSpec.of(MODELS.resolve("sequence.pt2"))
                        .atLayerAlone("first"); // one row per position
        var zeros = invert(spec, Inputs.open(padded("zeros", 0, lengths)), optimizer);
        var ones = invert(spec, Inputs.open(padded("ones", 1, lengths)), optimizer);
        var found = found(zeros);
        var others = found(ones);
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < SEQUENCE.size(); i++) {
                boolean isPadding = i >= 3 * lengths[row];
                int at = row * SEQUENCE.size() + i;
                assertEquals(isPadding ? 0 : others[at], found[at]);
                assertEquals(isPadding ? 1 : found[at], others[at]);
            }
            assertEquals(zeros.residual(row), ones.residual(row));
            assertEquals(zeros.moved(row), ones.moved(row));
            assertEquals(zeros.distanceFromInput(row), ones.distanceFromInput(row));
        }
        assertFound(zeros, optimizer);
    }

    private double[] saved(NetworkSpec spec, Inputs inputs, RepresentationReduction reduction) {
        var file = folder.resolve(reduction.word() + ".npy");
        try (var network = stir.open(spec)) {
            new RepresentationFile(network, inputs, Optional.of(reduction))
                    .write(file, true, ProgressListener.SILENT);
        }
        try (var reader = NpyReader.open(file)) {
            return reader.values();
        }
    }

    @Test
    void reductionsLeaveOutPadding() throws IOException {
        var lengths = new int[] {5, 3, 1, 4, 2};
        var spec = NetworkSpec.of(MODELS.resolve("sequence.pt2")).atLayerAlone("first");
        var inputs = Inputs.open(padded("ones", 1, lengths));
        var all = saved(spec, inputs, RepresentationReduction.FLATTEN);
        var means = saved(spec, inputs, RepresentationReduction.SPATIAL_MEAN);
        var last = saved(spec, inputs, RepresentationReduction.LAST_TOKEN);
        var each = saved(spec, inputs, RepresentationReduction.PER_POSITION);
        int features = means.length / ROWS;
        assertEquals(IntStream.of(lengths).sum() * features, each.length);
        int at = 0;
        for (int row = 0; row < ROWS; row++) {
            var sums = new double[features];
            for (int i = 0; i < lengths[row] * features; i++) {
                double value = all[row * SEQUENCE.dimension(0) * features + i];
                assertEquals(value, each[at++]);
                sums[i % features] += value;
                if (i / features == lengths[row] - 1) {
                    assertEquals(value, last[row * features + i % features]);
                }
            }
            for (int feature = 0; feature < features; feature++) {
                assertEquals(sums[feature] / lengths[row], means[row * features + feature], 1e-6);
            }
        }
    }

    private Comparison compared(
            NetworkSpec spec, Inputs inputs, RepresentationReduction reduction) {
        try (var a = stir.open(spec);
                var b = stir.open(spec)) {
            var settings = ScoreSettings.DEFAULT.withReduction(reduction);
            return stir.compare(a, b, inputs, settings);
        }
    }

    @ParameterizedTest
    @EnumSource(RepresentationReduction.class)
    void scoresOfPaddedSequencesDoNotDependOnThePadding(RepresentationReduction reduction)
            throws IOException {
        var lengths = new int[] {5, 3, 1, 4, 2};
        var spec = NetworkSpec.of(MODELS.resolve("sequence.pt2")).atLayerAlone("first");
        var zeros = compared(spec, Inputs.open(padded("zeros", 0, lengths)), reduction);
        var ones = compared(spec, Inputs.open(padded("ones", 1, lengths)), reduction);
        assertEquals(zeros.similarity(), ones.similarity());
        assertEquals(zeros.aGivenB().stir(), ones.aGivenB().stir());
        assertEquals(zeros.aGivenB().shuffled(), ones.aGivenB().shuffled());
        assertEquals(zeros.aGivenB().inputsOnly(), ones.aGivenB().inputsOnly());
        assertTrue(zeros.aGivenB().stir().values().iterator().next().isDefined());
        boolean perPosition = reduction == RepresentationReduction.PER_POSITION;
        var caution = Caution.of("dependent-positions", Map.of("positions", "1 to 5"));
        assertEquals(perPosition, zeros.cautions().contains(caution), zeros.cautions()::toString);
    }

    @ParameterizedTest
    @CsvSource({"first, 1", "hidden, 0"})
    void aLayerWithOtherPositionsThanPaddedInputsIsReported(String layer, int reports)
            throws IOException {
        var spec = NetworkSpec.of(MODELS.resolve("channels.pt2")).atLayerAlone(layer);
        var inputs = Inputs.open(padded(array("channels.x"), "channels", 0, 2, 1, 2, 1, 2));
        var cautions = compared(spec, inputs, RepresentationReduction.FLATTEN).cautions();
        assertEquals(reports, count(cautions));
        var reported = new ArrayList<Caution>();
        try (var network = stir.open(spec)) {
            stir.invert(
                    network,
                    inputs,
                    InversionSettings.of(Optimizer.FAST.method()),
                    new StudyListener() {
                        @Override
                        public void step(String line) {}

                        @Override
                        public void caution(Caution caution) {
                            reported.add(caution);
                        }
                    });
        }
        assertEquals(reports, count(reported));
    }

    @Test
    void pairsOfOtherLengthsThanTheInputsAreRefused() throws IOException {
        var inputs = Inputs.open(padded("inputs", 0, 5, 3, 1, 4, 2));
        var like = padded("like", 0, 5, 3, 1, 4, 2);
        var others = padded("others", 0, 5, 3, 2, 4, 2);
        assertEquals(5, candidates(like, inputs).count());
        var refusal = assertThrows(DataException.class, () -> candidates(others, inputs));
        assertTrue(
                refusal.getMessage().startsWith("Input 2 (counting from 0) has 1 positions"),
                refusal.getMessage());
    }

    private static Inputs candidates(Path pairs, Inputs inputs) {
        return NearestCandidates.of(new NearestNeighbour(Norm.L2, Optional.of(pairs), true), inputs)
                .inputs();
    }

    private static long count(List<Caution> cautions) {
        return cautions.stream()
                .filter(caution -> caution.kind().equals("padding-compared"))
                .count();
    }

    @Test
    void aLengthThatIsNotPossibleIsRefused() throws IOException {
        assertEquals(3, Inputs.open(padded("good", 0, 5, 3, 1, 4, 2)).length(1).orElseThrow());
        var broken = padded("broken", 0, 5, 3, 1, 4, 0);
        var refusal = assertThrows(DataException.class, () -> Inputs.open(broken));
        assertTrue(refusal.getMessage().contains("give lengths from 1 to 5"), refusal.getMessage());
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
    @CsvSource({
        "1, INTEGER",
        "-2, INTEGER",
        "0.5, FLOAT",
        "1e3, FLOAT",
        "true, BOOLEAN",
        "False, BOOLEAN"
    })
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
        var settings = InversionSettings.of(Optimizer.NEAREST.method());
        try (var network = stir.open(spec)) {
            var refusal =
                    assertThrows(
                            UsageException.class,
                            () -> stir.invert(network, inputs(), settings, StudyListener.SILENT));
            assertTrue(refusal.getMessage().contains("which differ by row"), refusal.getMessage());
        }
    }
}
