package stir.core.score.compute;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import stir.api.Matrix;

/** All rows of two representations; no rows if no measure needs them at once. */
record AllRows(Matrix a, Matrix b) {
    private static final Matrix NONE = Matrix.of(0, 1, new float[0]);

    /** Reads all rows once. */
    static AllRows of(RepresentationPairs pairs) {
        return of(pairs, List.of(new MeasurePlan.Whole()));
    }

    /** Reads all rows once, for the accumulators and the whole matrices of the given plans. */
    static AllRows of(RepresentationPairs pairs, Collection<? extends MeasurePlan> plans) {
        var accumulated = plans.stream()
                .filter(MeasurePlan.Accumulated.class::isInstance)
                .map(MeasurePlan.Accumulated.class::cast)
                .toList();
        boolean collects = plans.stream().anyMatch(MeasurePlan.Whole.class::isInstance);
        if (accumulated.isEmpty() && !collects) {
            return new AllRows(NONE, NONE);
        }
        var partsOfA = new ArrayList<Matrix>();
        var partsOfB = new ArrayList<Matrix>();
        pairs.forEachFinitePart(0, pairs.inputs(), (a, b) -> {
            accumulated.forEach(measure -> measure.add(a, b));
            if (collects) {
                partsOfA.add(a);
                partsOfB.add(b);
            }
        });
        return collects
                ? new AllRows(joined(pairs.count(), partsOfA), joined(pairs.count(), partsOfB))
                : new AllRows(NONE, NONE);
    }

    /**
     * Joins the parts of a matrix and clears their list, since both together take twice the memory.
     */
    private static Matrix joined(int rows, List<Matrix> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        int columns = parts.get(0).columns();
        boolean isDouble = parts.stream().anyMatch(Matrix::isDouble);
        var joined = isDouble ? doubles(rows, columns, parts) : floats(rows, columns, parts);
        parts.clear();
        return joined;
    }

    private static Matrix floats(int rows, int columns, List<Matrix> parts) {
        return Matrix.written(rows, columns, values -> parts.forEach(part -> values.put(part.toFloats())));
    }

    private static Matrix doubles(int rows, int columns, List<Matrix> parts) {
        var values = new double[Math.multiplyExact(rows, columns)];
        int at = 0;
        for (var part : parts) {
            var more = part.toDoubles();
            System.arraycopy(more, 0, values, at, more.length);
            at += more.length;
        }
        return Matrix.of(rows, columns, values);
    }
}
