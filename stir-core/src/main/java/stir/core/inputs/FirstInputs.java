package stir.core.inputs;

import java.util.Objects;
import stir.api.Batch;

/** The first inputs of a set. */
record FirstInputs(Inputs all, int count) implements DerivedInputs {
    @Override
    public String name(int index) {
        return all.name(Objects.checkIndex(index, count));
    }

    @Override
    public void read(int from, int number, Batch into, int row) {
        all.read(Objects.checkFromIndexSize(from, number, count), number, into, row);
    }
}
