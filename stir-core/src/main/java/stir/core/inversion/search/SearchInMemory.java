package stir.core.inversion.search;

import stir.api.Batch;
import stir.core.inputs.Inputs;
import stir.core.inputs.Rows;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;

import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;

/** A store of a search's rows in memory. */
public final class SearchInMemory implements SearchStore {
    private final Batch pixels;
    private final ValueRange range;
    private final RowOutcomes outcomes;
    private final BitSet found = new BitSet();
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
    public synchronized BitSet found(int from, int to) {
        var range = new BitSet();
        range.set(from, to);
        range.and(found);
        return range;
    }

    @Override
    public synchronized boolean isFound() {
        return found.cardinality() == outcomes.count();
    }

    @Override
    public FoundRows open(int from, int to, RunMetadata ofRows, Consumer<String> notes) {
        metadata = Optional.of(ofRows);
        return new FoundRows() {
            @Override
            public BitSet found() {
                return SearchInMemory.this.found(from, to);
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
        found.set(index);
    }

    @Override
    public synchronized Inversion gather() {
        if (gathered.isEmpty()) {
            if (!isFound()) {
                throw new IllegalStateException(
                        found.cardinality() + " of " + outcomes.count() + " inputs were found");
            }
            Rows rows = (index, into, row) -> into.copyRow(pixels, index, row);
            var inputs = Inputs.of("memory", pixels.rows(), pixels.rowShape(), rows).in(range);
            gathered = Optional.of(outcomes.with(inputs, metadata.orElseThrow()));
        }
        return gathered.get();
    }
}
