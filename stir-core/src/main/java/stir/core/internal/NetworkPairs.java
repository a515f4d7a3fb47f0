package stir.core.internal;

import stir.api.Batch;
import stir.api.Matrix;
import stir.api.UsageException;
import stir.core.similarity.RepresentationReduction;

import java.util.function.BiConsumer;

/**
 * Two networks' representations of two sets of inputs, computed in parts of a batch and reduced to
 * what measures see.
 */
final class NetworkPairs implements RepresentationPairs {
    /** A network, what it is shown, and how its representations are reduced. */
    private record Side(HookedNetwork network, Rows shown, RepresentationReduction reduction) {
        Matrix reduce(Batch representations) {
            return reduction.apply(representations, network.network().input().layout());
        }

        /** What one input becomes; the values play no part. */
        Matrix ofOneInput() {
            return reduce(Batch.allocate(1, network.representationShape()));
        }

        Matrix represent(int from, int count) {
            var representations = Batch.allocate(count, network.representationShape());
            network.represent(shown, from, representations);
            return reduce(representations);
        }
    }

    private final Side a;
    private final Side b;
    private final int inputs;
    private final int rowsOfOneInput;
    private final int columnsOfA;
    private final int columnsOfB;

    /**
     * Pairs that are not computed yet.
     *
     * @throws UsageException if a representation can't be reduced, or inputs become different
     *     numbers of rows
     */
    NetworkPairs(
            RepresentationReduction reduction,
            HookedNetwork a,
            Rows shownToA,
            HookedNetwork b,
            Rows shownToB,
            int inputs) {
        this.a = new Side(a, shownToA, reduction);
        this.b = new Side(b, shownToB, reduction);
        this.inputs = inputs;
        var first = this.a.ofOneInput();
        var second = this.b.ofOneInput();
        if (first.rows() != second.rows()) {
            throw new UsageException(
                    "The reduction '%s' compares position with position, but %s has %d and %s has %d: take another reduction, or layers of like positions."
                            .formatted(
                                    reduction.word(),
                                    a.network().layer(),
                                    first.rows(),
                                    b.network().layer(),
                                    second.rows()));
        }
        rowsOfOneInput = first.rows();
        columnsOfA = first.columns();
        columnsOfB = second.columns();
    }

    @Override
    public int count() {
        return Math.multiplyExact(inputs, rowsOfOneInput);
    }

    @Override
    public int rowsOfOneInput() {
        return rowsOfOneInput;
    }

    @Override
    public int columnsOfA() {
        return columnsOfA;
    }

    @Override
    public int columnsOfB() {
        return columnsOfB;
    }

    @Override
    public void forEachPart(BiConsumer<Matrix, Matrix> part) {
        int size = Math.min(a.network().batchSize(), b.network().batchSize());
        for (int from = 0; from < inputs; from += size) {
            int count = Math.min(size, inputs - from);
            part.accept(a.represent(from, count), b.represent(from, count));
        }
    }
}
