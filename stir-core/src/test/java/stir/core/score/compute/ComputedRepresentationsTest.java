package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Rows;
import stir.core.inversion.search.DenseNetwork;
import stir.core.inversion.search.SearchFixture;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.pass.CutNetwork;

class ComputedRepresentationsTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);

    /** Rows that count how often single ones are read. */
    private static final class CountingRows implements Rows {
        private final SearchFixture.Noise inputs;
        private int single;

        CountingRows(SearchFixture.Noise inputs) {
            this.inputs = inputs;
        }

        @Override
        public void read(int index, Batch into, int row) {
            single++;
            inputs.read(index, into, row);
        }

        @Override
        public void read(int from, int count, Batch into, int row) {
            inputs.read(from, count, into, row);
        }
    }

    @Test
    void inputsAreReadInAnyOrderByRanges() {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(1);
        var model = new DenseNetwork(1, SHAPE, 6);
        var inputs = new SearchFixture.Noise(9, SHAPE);
        try (var network = Network.of("dense", "", "test", model, spec);
                var cut = CutNetwork.withoutGradients(network, "hidden", inputs, 4)) {
            var all = Batch.allocate(9, cut.representationShape());
            cut.represent(inputs, 0, all);
            var rows = new CountingRows(inputs);
            int[] order = {3, 4, 5, 0, 8, 7, 7, 1, 2};
            var representations = Batch.allocate(order.length, cut.representationShape());
            new ComputedRepresentations(cut, rows).read(order, representations);
            for (int i = 0; i < order.length; i++) {
                assertArrayEquals(
                        all.slice(order[i], order[i] + 1).toArray(),
                        representations.slice(i, i + 1).toArray(),
                        "input " + order[i]);
            }
            assertEquals(0, rows.single);
        }
    }
}
