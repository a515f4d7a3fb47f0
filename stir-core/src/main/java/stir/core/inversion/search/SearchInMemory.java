package stir.core.inversion.search;

import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;
import stir.api.Batch;
import stir.core.inputs.Inputs;
import stir.core.inputs.Rows;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;

/** A store of a search's rows in memory. */
public final class SearchInMemory implements SearchStore {
    private final Batch pixels;
    private final ValueRange range;
    private final RowOutcomes outcomes;
    private final BitSet finished = new BitSet();
    private Optional<RunMetadata> metadata = Optional.empty();
    private Optional<Inversion> gathered = Optional.empty();

    /** Creates a store for the rows of a search. */
    public SearchInMemory(RowLayout layout) {
        pixels = Batch.allocate(layout.count(), layout.shape());
        range = layout.range();
        outcomes = new RowOutcomes(layout);
    }

    @Override
    public Optional<Inversion> inversion() {
        return gathered;
    }

    @Override
    public synchronized BitSet finished(int from, int to) {
        var range = new BitSet();
        range.set(from, to);
        range.and(finished);
        return range;
    }

    @Override
    public synchronized boolean isFinished() {
        return finished.cardinality() == outcomes.count();
    }

    @Override
    public FinishedRows open(int from, int to, RunMetadata ofRows, Consumer<String> notes) {
        metadata = Optional.of(ofRows);
        return new FinishedRows() {
            @Override
            public BitSet finished() {
                return SearchInMemory.this.finished(from, to);
            }

            @Override
            public void add(int index, Batch batch, int row, RowOutcome outcome) {
                keep(index, batch, row, outcome);
            }

            @Override
            public void checkpoint() {}

            @Override
            public void close() {}
        };
    }

    private synchronized void keep(int index, Batch batch, int row, RowOutcome outcome) {
        pixels.copyRow(batch, row, index);
        range.fromUnit(pixels, index); // the bits of a search that is stored on disk
        outcomes.set(index, outcome);
        finished.set(index);
    }

    @Override
    public synchronized Inversion gather() {
        if (gathered.isEmpty()) {
            if (!isFinished()) {
                throw new IllegalStateException(
                        finished.cardinality() + " of " + outcomes.count() + " inputs are finished");
            }
            Rows rows = (index, into, row) -> into.copyRow(pixels, index, row);
            var inputs =
                    Inputs.of("memory", pixels.rows(), pixels.rowShape(), rows).in(range);
            gathered = Optional.of(outcomes.with(inputs, metadata.orElseThrow()));
        }
        return gathered.get();
    }
}
