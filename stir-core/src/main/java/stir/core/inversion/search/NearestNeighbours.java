package stir.core.inversion.search;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.CancellationException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.NearestNeighbour;
import stir.core.network.pass.CutNetwork;
import stir.core.runtime.progress.ProgressListener;
import stir.core.runtime.work.SearchProgress;
import stir.core.runtime.work.Workers;

/** A search for the candidate whose representation is nearest: {@link NearestNeighbour}. */
final class NearestNeighbours {
    private final NearestNeighbour method;
    private final CutNetwork reference;
    private final Inputs inputs;
    private final Inputs candidates;
    private final boolean sameSet;

    /**
     * Creates a search and opens the candidates.
     *
     * @throws stir.api.UsageException if the candidates do not exist, or are too few
     * @throws DataException if their shape is another one
     */
    NearestNeighbours(NearestNeighbour method, CutNetwork reference, Inputs inputs) {
        this.method = method;
        this.reference = reference;
        this.inputs = inputs;
        var opened = NearestCandidates.of(method, inputs);
        this.candidates = opened.inputs();
        this.sameSet = opened.isSameSet();
        if (reference.network().sides().isOfRows() && !method.paired()) {
            throw new UsageException(
                    "A candidate search cannot use the side inputs of %s, which differ by row: use another optimiser, or pairs."
                            .formatted(reference.network().name()));
        }
        if (!method.paired() && inputs.facts().keepsElements()) {
            throw new UsageException(
                    "A candidate search cannot hold elements fixed: use another optimiser, or remove the mask.",
                    Remedy.GIVE_FIXED);
        }
    }

    /**
     * Finds the nearest candidate of each input of a range that has none yet.
     *
     * @param from the first input
     * @param to the end of the range
     * @param store the store of the results
     * @param listener the listener that receives the progress
     */
    void find(int from, int to, FinishedRows store, ProgressListener listener) {
        var before = store.finished();
        int size = Math.min(reference.batchSize(), to - from);
        long total = 0;
        for (int start = from; start < to; start += size) {
            int rows = Math.min(size, to - start);
            total += isLeft(before, start, rows) ? (method.paired() ? rows : candidates.count()) : 0;
        }
        var progress = new SearchProgress(
                "Looking for neighbours by " + reference.network().name(), total, listener);
        for (int start = from; start < to; start += size) {
            int rows = Math.min(size, to - start);
            if (isLeft(before, start, rows)) {
                find(start, rows, before, store, progress);
                store.checkpoint();
            }
        }
    }

    private static boolean isLeft(BitSet before, int from, int rows) {
        return before.nextClearBit(from) < from + rows;
    }

    /** Compares all candidates with a block of inputs. */
    private void find(int from, int rows, BitSet before, FinishedRows store, SearchProgress progress) {
        var targets = Batch.allocate(rows, reference.representationShape());
        reference.represent(inputs, from, targets);
        var nearest = new int[rows];
        var distances = new double[rows];
        Arrays.fill(distances, Double.POSITIVE_INFINITY);
        int begin = method.paired() ? from : 0;
        int end = method.paired() ? from + rows : candidates.count();
        int size = Math.min(reference.batchSize(), end - begin);
        var represented = Batch.allocate(size, reference.representationShape());
        for (int first = begin; first < end; first += size) {
            int count = Math.min(size, end - first);
            var block = represented.slice(0, count);
            reference.represent(candidates, first, block);
            compare(from, targets, first, block, nearest, distances);
            progress.passed(count, Double.NaN);
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("The search was interrupted");
            }
        }
        var norms = new double[rows];
        method.norm().norms(targets, norms);
        var pixels = Batch.allocate(2, inputs.shape());
        for (int row = 0; row < rows; row++) {
            if (before.get(from + row)) {
                continue;
            }
            if (!(distances[row] < Double.POSITIVE_INFINITY)) {
                throw new DataException(
                        "No candidate of %s has a finite distance from input %d (counting from 0): the model's weights may contain NaN, or its preprocessing may not fit."
                                .formatted(candidates.facts().source(), from + row));
            }
            candidates.read(nearest[row], pixels, 0);
            inputs.read(from + row, pixels, 1);
            var moved = new double[1];
            Norm.L2.distances(pixels.slice(0, 1), pixels.slice(1, 2), moved);
            store.add(
                    from + row,
                    pixels,
                    0,
                    new RowOutcome(
                            distances[row] / norms[row],
                            0,
                            moved[0],
                            RowOutcome.distance(pixels, pixels.slice(1, 2), inputs, from + row)));
        }
    }

    private void compare(int from, Batch targets, int first, Batch block, int[] nearest, double[] distances) {
        int workers = Math.min(reference.evaluators().size(), targets.rows());
        Workers.run(workers, worker -> {
            var repeated = Batch.allocate(block.rows(), block.rowShape());
            var blockDistances = new double[block.rows()];
            for (int row = worker; row < targets.rows(); row += workers) {
                for (int i = 0; i < block.rows(); i++) {
                    repeated.copyRow(targets, row, i);
                }
                method.norm().distances(block, repeated, blockDistances);
                for (int i = 0; i < blockDistances.length; i++) {
                    boolean same = first + i == from + row;
                    boolean isCandidate = method.paired() ? same : !(sameSet && same);
                    if (isCandidate && blockDistances[i] < distances[row]) {
                        distances[row] = blockDistances[i];
                        nearest[row] = first + i;
                    }
                }
            }
        });
    }
}
