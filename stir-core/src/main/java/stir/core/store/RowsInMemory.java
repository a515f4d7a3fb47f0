package stir.core.store;

import stir.api.Batch;
import stir.core.inversion.Inversion;

import java.util.BitSet;
import java.util.Optional;

/** Keeps all rows in memory. */
public final class RowsInMemory implements FoundRows {
    private final Batch pixels;
    private final RowOutcomes outcomes;

    /** Room for rows. */
    public RowsInMemory(RowLayout layout) {
        pixels = Batch.allocate(layout.count(), layout.shape());
        outcomes = new RowOutcomes(layout);
    }

    @Override
    public Optional<Inversion> inversion() {
        return Optional.empty();
    }

    @Override
    public BitSet found() {
        return new BitSet();
    }

    @Override
    public void add(int index, Batch from, int row, RowOutcome outcome) {
        pixels.copyRow(from, row, index);
        outcomes.set(index, outcome);
    }

    @Override
    public void checkpoint() {}

    @Override
    public Inversion finish(boolean fakeRelu, int calibrationPasses) {
        return outcomes.with(new BatchInputs(pixels), fakeRelu, calibrationPasses);
    }

    @Override
    public void close() {}
}
