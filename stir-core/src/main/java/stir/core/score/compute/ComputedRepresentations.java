package stir.core.score.compute;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Lengths;
import stir.core.inputs.Rows;
import stir.core.network.pass.CutNetwork;

/**
 * Representations that a network computes each time that they are read.
 *
 * @param network the network, cut at the layer; the caller retains ownership
 * @param shown the network's inputs
 */
public record ComputedRepresentations(CutNetwork network, Rows shown) implements Representations {
    @Override
    public String layer() {
        return network.layer();
    }

    @Override
    public Shape shape() {
        return network.representationShape();
    }

    @Override
    public Layout layout() {
        return network.network().input().layout();
    }

    @Override
    public Lengths lengths() {
        return network.network().lengths().at(shown::input);
    }

    @Override
    public void read(int[] inputs, Batch into) {
        network.represent(new Chosen(shown, inputs), 0, into);
    }

    /** Rows in another order, of which consecutive ones are read together. */
    @SuppressWarnings("ArrayRecordComponent") // not compared, and used within one call
    private record Chosen(Rows all, int[] indices) implements Rows {
        @Override
        public int input(int index) {
            return all.input(indices[index]);
        }

        @Override
        public void read(int index, Batch into, int row) {
            all.read(indices[index], into, row);
        }

        @Override
        public void read(int from, int count, Batch into, int row) {
            int read = 0;
            while (read < count) {
                int first = indices[from + read];
                int run = 1;
                while (read + run < count && indices[from + read + run] == first + run) {
                    run++;
                }
                all.read(first, run, into, row + read);
                read += run;
            }
        }
    }
}
