package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.inputs.ResizeAndCrop;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.io.arrays.NpyWriter;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.pass.CutNetwork;
import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;

class NearestNeighboursTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final InversionSettings CANDIDATES = InversionSettings.of(Optimizer.CANDIDATES.method());

    private static InversionSettings candidates(Path file) {
        return CANDIDATES.with(SearchOption.CANDIDATES, file.toString());
    }

    private static Inversion find(InversionSettings settings, Inputs inputs) {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(2);
        try (var network = Network.of("dense", "", "test", new DenseNetwork(1, SHAPE, 6), spec);
                var searched = searched(network, inputs, settings)) {
            return new Inverter(settings, searched, inputs).invert(ProgressListener.SILENT);
        }
    }

    private static Batch represent(Batch pixels) {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(1);
        try (var network = Network.of("dense", "", "test", new DenseNetwork(1, SHAPE, 6), spec);
                var hooked = CutNetwork.of(network, network.layer(), Inputs.of(pixels), pixels.rows(), FakeRelu.NONE)) {
            var representations = Batch.allocate(pixels.rows(), hooked.representationShape());
            hooked.represent((index, into, row) -> into.copyRow(pixels, index, row), 0, representations);
            return representations;
        }
    }

    private static Inputs write(Path folder, String name, Batch rows) {
        var file = folder.resolve(name);
        NpyWriter.write(file, rows);
        return Inputs.open(file);
    }

    private static float[] row(Batch batch, int row) {
        return batch.slice(row, row + 1).toArray();
    }

    @Test
    void theNearestOtherInputIsFound() {
        var inputs = new SearchFixture.Noise(30, SHAPE);
        var pixels = inputs.read(0, 30);
        var representations = represent(pixels);
        for (var norm : new Norm[] {Norm.L2, Norm.L1, Norm.LINF}) {
            var inversion = find(CANDIDATES.with(SearchOption.NORM, norm.toString()), inputs);
            for (int i = 0; i < 30; i++) {
                double nearest = Double.POSITIVE_INFINITY;
                int at = -1;
                var own = representations.slice(i, i + 1);
                var distance = new double[1];
                for (int j = 0; j < 30; j++) {
                    norm.distances(representations.slice(j, j + 1), own, distance);
                    if (j != i && distance[0] < nearest) {
                        nearest = distance[0];
                        at = j;
                    }
                }
                assertArrayEquals(
                        row(pixels, at), row(inversion.invariantInputs().read(i, 1), 0), "input " + i);
                norm.norms(own, distance);
                assertEquals(nearest / distance[0], inversion.residual(i), 1e-12);
                assertEquals(0, inversion.passes(i));
            }
        }
    }

    /** The network's batches have 7 rows, which do not divide 30. */
    @Test
    void theProgressOfPairsAndCandidatesEndsWithTheWhole(@TempDir Path folder) {
        var inputs = new SearchFixture.Noise(30, SHAPE);
        write(folder, "pairs.npy", new SearchFixture.Noise(33, SHAPE).read(3, 30));
        var pairs = InversionSettings.DEFAULT.with(
                SearchOption.PAIRS, folder.resolve("pairs.npy").toString());
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(2).withBatchSize(7);
        for (var settings : List.of(CANDIDATES, pairs)) {
            var shown = new ArrayList<Progress>();
            try (var network = Network.of("dense", "", "test", new DenseNetwork(1, SHAPE, 6), spec);
                    var searched = searched(network, inputs, settings)) {
                new Inverter(settings, searched, inputs).invert(shown::add);
            }
            var last = shown.get(shown.size() - 1);
            assertEquals(last.total(), last.done(), settings::toString);
        }
    }

    @Test
    void aGivenPairTakesThePlaceOfTheNearestWithItsResidualAsMeasured(@TempDir Path folder) {
        var inputs = new SearchFixture.Noise(30, SHAPE);
        var pairs = new SearchFixture.Noise(33, SHAPE).read(3, 30);
        write(folder, "pairs.npy", pairs);
        var settings = InversionSettings.DEFAULT.with(
                SearchOption.PAIRS, folder.resolve("pairs.npy").toString());
        var inversion = find(settings, inputs);
        assertArrayEquals(
                pairs.toArray(), inversion.invariantInputs().read(0, 30).toArray());
        var own = represent(inputs.read(0, 30));
        var distances = new double[30];
        var norms = new double[30];
        Norm.L2.distances(represent(pairs), own, distances);
        Norm.L2.norms(own, norms);
        for (int i = 0; i < 30; i++) {
            assertEquals(distances[i] / norms[i], inversion.residual(i), 1e-12);
            assertEquals(0, inversion.passes(i));
        }
        var more = new SearchFixture.Noise(31, SHAPE);
        var refusal = assertThrows(DataException.class, () -> find(settings, more));
        assertTrue(refusal.getMessage().contains("31 inputs to pair"), refusal.getMessage());
        write(folder, "pairs.npy", inputs.read(0, 30));
        assertEquals(0, find(settings, inputs).maxResidual());
    }

    @Test
    void pairsAreResizedAsTheInputsUnlessTheyHaveTheirShape(@TempDir Path folder) {
        var large = Shape.of(1, 8, 8);
        write(folder, "inputs.npy", new SearchFixture.Noise(5, large).read(0, 5));
        write(folder, "pairs.npy", new SearchFixture.Noise(10, large).read(5, 5));
        var framing = ResizeAndCrop.square(4);
        var inputs = InputsSpec.of(folder.resolve("inputs.npy"))
                .withResizeAndCrop(framing)
                .open();
        var pairs = folder.resolve("pairs.npy");
        var resized = InputsSpec.of(pairs)
                .withResizeAndCrop(framing)
                .open()
                .read(0, 5)
                .toArray();
        var settings = InversionSettings.DEFAULT.with(SearchOption.PAIRS, pairs.toString());
        assertArrayEquals(
                resized, find(settings, inputs).invariantInputs().read(0, 5).toArray());
        var ready = new SearchFixture.Noise(5, SHAPE).read(0, 5);
        write(folder, "pairs.npy", ready);
        assertArrayEquals(
                ready.toArray(),
                find(settings, inputs).invariantInputs().read(0, 5).toArray());
    }

    @Test
    void aNetworkWithoutGradientsWillDo() {
        var inputs = new SearchFixture.Noise(12, SHAPE);
        var model = DenseNetwork.withoutGradients(1, SHAPE, 6);
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(1);
        try (var network = Network.of("dense", "", "test", model, spec)) {
            try (var searched = searched(network, inputs, CANDIDATES)) {
                var inversion = new Inverter(CANDIDATES, searched, inputs).invert(ProgressListener.SILENT);
                assertArrayEquals(
                        find(CANDIDATES, inputs).invariantInputs().read(0, 12).toArray(),
                        inversion.invariantInputs().read(0, 12).toArray());
            }
            assertThrows(DataException.class, () -> searched(network, inputs, InversionSettings.PUBLISHED));
        }
    }

    private static SearchedNetworks searched(Network network, Inputs inputs, InversionSettings settings) {
        return SearchedNetworks.of(network, inputs, 7, settings, SearchedObjectives.NO_NETWORKS);
    }

    @Test
    void ofEqualCandidatesTheFirstIsTaken(@TempDir Path folder) {
        var pixels = new SearchFixture.Noise(6, SHAPE).read(0, 6);
        var candidates = Batch.allocate(4, SHAPE);
        candidates.copyRow(pixels, 5, 0);
        candidates.copyRow(pixels, 3, 1);
        candidates.copyRow(pixels, 5, 2); // as far as the first: the bits are the same
        candidates.copyRow(pixels, 3, 3);
        candidates.set(3, 0, pixels.get(3, 0) * 0.5f);
        write(folder, "candidates.npy", candidates);
        var inputs = write(folder, "inputs.npy", pixels);
        var settings = candidates(folder.resolve("candidates.npy"));
        var inversion = find(settings, inputs);
        assertArrayEquals(row(pixels, 5), inversion.invariantInputs().read(5, 1).toArray());
        assertEquals(0, inversion.residual(5)); // another set: an input may be its own neighbour
        assertEquals(0, inversion.residual(3));
        assertEquals(0, inversion.moved(3));
        for (int i = 0; i < 6; i++) {
            var chosen = inversion.invariantInputs().read(i, 1).toArray();
            assertTrue(Arrays.equals(chosen, row(pixels, 5))
                    || Arrays.equals(chosen, row(pixels, 3))
                    || Arrays.equals(chosen, row(candidates, 3)));
        }
    }

    @Test
    void theSameFileIsTheSameSet(@TempDir Path folder) {
        var inputs = write(folder, "inputs.npy", new SearchFixture.Noise(6, SHAPE).read(0, 6));
        var own = find(CANDIDATES, inputs);
        var file = folder.resolve("..").resolve(folder.getFileName()).resolve("inputs.npy");
        var named = find(candidates(file), inputs);
        for (int i = 0; i < 6; i++) {
            assertTrue(named.residual(i) > 0, "input " + i + " is its own neighbour");
            assertEquals(own.residual(i), named.residual(i));
        }
    }

    @Test
    void refusesCandidatesThatLeaveNoChoice(@TempDir Path folder) {
        var one = new SearchFixture.Noise(1, SHAPE);
        var refusal = assertThrows(UsageException.class, () -> find(CANDIDATES, one));
        assertTrue(refusal.getMessage().contains("at least 2"), refusal.getMessage());
        write(folder, "other.npy", Batch.allocate(3, Shape.of(1, 2, 2)));
        var settings = candidates(folder.resolve("other.npy"));
        var shapes = assertThrows(DataException.class, () -> find(settings, new SearchFixture.Noise(3, SHAPE)));
        assertTrue(shapes.getMessage().contains("same shape"), shapes.getMessage());
    }
}
