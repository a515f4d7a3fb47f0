package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Batch;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.Optimizer;
import stir.core.inversion.search.NearestCandidates;
import stir.core.io.arrays.NpyReader;
import stir.core.representation.RepresentationReduction;
import stir.core.representation.file.RepresentationFile;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.Quantity;
import stir.core.score.ScoreSettings;
import stir.core.score.Values;
import stir.core.study.InvertRequest;
import stir.core.study.StudyListener;
import stir.core.study.results.Comparison;

/** Searches and scores of sequences that are padded, whose padding does not count. */
class PaddedRowsTest extends ArraySearches {
    private static final Shape SEQUENCE = Shape.of(5, 3);
    private static final int ROWS = 5;

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
            names = {"THOROUGH", "FAST", "PUBLISHED"})
    void paddingIsNotSearchedNorComparedNorCounted(Optimizer optimizer) throws IOException {
        var lengths = new int[] {5, 3, 1, 4, 2};
        var spec = NetworkSpec.of(MODELS.resolve("sequence.pt2")).atLayerAlone("first"); // one row per position
        var zeros = invert(spec, Inputs.open(padded("zeros", 0, lengths)), optimizer);
        var ones = invert(spec, Inputs.open(padded("ones", 1, lengths)), optimizer);
        var invariant = invariant(zeros);
        var others = invariant(ones);
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < SEQUENCE.size(); i++) {
                boolean isPadding = i >= 3 * lengths[row];
                int at = row * SEQUENCE.size() + i;
                assertEquals(isPadding ? 0 : others[at], invariant[at]);
                assertEquals(isPadding ? 1 : invariant[at], others[at]);
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
            new RepresentationFile(network, inputs, Optional.of(reduction), false)
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

    private Comparison compared(NetworkSpec spec, Inputs inputs, RepresentationReduction reduction) {
        try (var a = stir.open(spec);
                var b = stir.open(spec)) {
            var settings = ScoreSettings.DEFAULT.withReduction(reduction);
            return stir.compare(a, b, inputs, settings);
        }
    }

    @ParameterizedTest
    @EnumSource(RepresentationReduction.class)
    void scoresOfPaddedSequencesDoNotDependOnThePadding(RepresentationReduction reduction) throws IOException {
        var lengths = new int[] {5, 3, 1, 4, 2};
        var spec = NetworkSpec.of(MODELS.resolve("sequence.pt2")).atLayerAlone("first");
        var zeros = compared(spec, Inputs.open(padded("zeros", 0, lengths)), reduction);
        var ones = compared(spec, Inputs.open(padded("ones", 1, lengths)), reduction);
        for (var quantity :
                List.of(Quantity.SIMILARITY, Quantity.STIR, Quantity.PERMUTATION_FLOOR, Quantity.INPUT_SIMILARITY)) {
            assertEquals(Values.all(zeros.aGivenB(), quantity), Values.all(ones.aGivenB(), quantity));
            assertFalse(Values.all(zeros.aGivenB(), quantity).isEmpty(), quantity::toString);
        }
        assertTrue(zeros.aGivenB().measures().values().iterator().next().stir().isDefined());
        boolean perPosition = reduction == RepresentationReduction.PER_POSITION;
        var caution = Caution.of("dependent-positions", Map.of("positions", "1 to 5"));
        assertEquals(perPosition, zeros.cautions().contains(caution), zeros.cautions()::toString);
    }

    @ParameterizedTest
    @CsvSource({"first, 1", "hidden, 0"})
    void aLayerWithOtherPositionsThanPaddedInputsIsReported(String layer, int reports) throws IOException {
        var spec = NetworkSpec.of(MODELS.resolve("channels.pt2")).atLayerAlone(layer);
        var inputs = Inputs.open(padded(array("channels.x"), "channels", 0, 2, 1, 2, 1, 2));
        var cautions = compared(spec, inputs, RepresentationReduction.FLATTEN).cautions();
        assertEquals(reports, count(cautions));
        var reported = new ArrayList<Caution>();
        try (var network = stir.open(spec)) {
            stir.invert(InvertRequest.of(network, inputs, InversionSettings.of(Optimizer.FAST.method()))
                    .withListener(new StudyListener() {
                        @Override
                        public void step(String line) {}

                        @Override
                        public void caution(Caution caution) {
                            reported.add(caution);
                        }
                    }));
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
        assertTrue(refusal.getMessage().startsWith("Input 2 (counting from 0) has 1 positions"), refusal.getMessage());
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
        assertEquals(
                3,
                Inputs.open(padded("good", 0, 5, 3, 1, 4, 2)).facts().lengths().of(1));
        var broken = padded("broken", 0, 5, 3, 1, 4, 0);
        var refusal = assertThrows(DataException.class, () -> Inputs.open(broken));
        assertTrue(refusal.getMessage().contains("use lengths from 1 to 5"), refusal.getMessage());
    }
}
