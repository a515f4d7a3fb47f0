package stir.core.score.compute;

import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Matrix;
import stir.api.UsageException;
import stir.core.math.statistics.RowsOfInputs;
import stir.core.representation.RepresentationReduction;

/** Two sets of representations of the same number of inputs, read in parts and reduced. */
record PairedRepresentations(
        RepresentationReduction reduction,
        Representations a,
        Representations b,
        RowsOfInputs rowsOfInputs,
        int columnsOfA,
        int columnsOfB)
        implements RepresentationPairs {
    /** The number of inputs that are read at a time. Fixed, so that results do not depend on it. */
    static final int PART = 256;

    /**
     * Returns pairs that are not read yet.
     *
     * @param inputs the number of inputs of each
     * @throws UsageException if a representation can't be reduced, or inputs become different
     *     numbers of rows
     */
    static PairedRepresentations of(
            RepresentationReduction reduction, Representations a, Representations b, int inputs) {
        var rows = rows(reduction, a, inputs);
        var rowsOfB = rows(reduction, b, inputs);
        if (!rows.areLike(rowsOfB)) {
            throw new UsageException(
                    "The reduction '%s' compares position with position, but %s has %d and %s has %d: use another reduction, or layers with the same positions."
                            .formatted(reduction.word(), a.layer(), rows.most(), b.layer(), rowsOfB.most()));
        }
        int columnsOfA = reduced(reduction, a, Batch.allocate(1, a.shape()), 0).columns();
        int columnsOfB = reduced(reduction, b, Batch.allocate(1, b.shape()), 0).columns();
        return new PairedRepresentations(reduction, a, b, rows, columnsOfA, columnsOfB);
    }

    private static RowsOfInputs rows(RepresentationReduction reduction, Representations side, int inputs) {
        return reduction.rows(inputs, side.shape(), side.layout(), side.lengths());
    }

    /**
     * Reduces representations of consecutive inputs.
     *
     * @param from the index of the first input
     */
    static Matrix reduced(RepresentationReduction reduction, Representations side, Batch representations, int from) {
        var lengths = side.lengths().at(row -> from + row);
        return reduction.apply(representations, side.layout(), lengths);
    }

    private Matrix read(Representations side, int from, int count) {
        var representations = Batch.allocate(count, side.shape());
        side.read(IntStream.range(from, from + count).toArray(), representations);
        return reduced(reduction, side, representations, from);
    }

    @Override
    public void forEachPart(int from, int to, BiConsumer<Matrix, Matrix> part) {
        for (int first = from; first < to; first += PART) {
            int count = Math.min(PART, to - first);
            part.accept(read(a, first, count), read(b, first, count));
        }
    }
}
