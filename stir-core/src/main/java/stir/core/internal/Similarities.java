package stir.core.internal;

import stir.api.BackendException;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.api.SimilarityMeasure.Accumulator;
import stir.api.StirException;
import stir.api.UsageException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;

/**
 * A choice of similarity measures and what they say of two representations. Measures with an
 * accumulator see the rows in parts, where that takes less memory than all rows do; for the others
 * the rows are collected.
 */
final class Similarities {
    private final Map<String, SimilarityMeasure> measures;

    /**
     * A choice.
     *
     * @param measures by what the user calls them, parameters included, in the order asked for
     */
    Similarities(Map<String, SimilarityMeasure> measures) {
        this.measures = new LinkedHashMap<>(measures);
    }

    /**
     * Why these measures' values for matrices of these sizes should not be trusted, a sentence
     * each.
     */
    List<String> cautions(int rows, int columnsOfA, int columnsOfB) {
        var all = new LinkedHashSet<String>();
        measures.forEach(
                (name, measure) ->
                        measure.cautions(rows, columnsOfA, columnsOfB)
                                .forEach(caution -> all.add(name + ": " + caution)));
        return List.copyOf(all);
    }

    /** Compares two matrices. */
    Map<String, Double> compare(Matrix a, Matrix b) {
        return compare(
                new RepresentationPairs() {
                    @Override
                    public int count() {
                        return a.rows();
                    }

                    @Override
                    public int columnsOfA() {
                        return a.columns();
                    }

                    @Override
                    public int columnsOfB() {
                        return b.columns();
                    }

                    @Override
                    public void forEachPart(BiConsumer<Matrix, Matrix> part) {
                        part.accept(a, b);
                    }
                });
    }

    /**
     * Compares two representations.
     *
     * @return each measure's value, by what the user calls it, in the order asked for
     * @throws UsageException if a measure needs more rows, or equal widths
     * @throws DataException if a representation holds NaN, or if a measure is not defined for it
     */
    Map<String, Double> compare(RepresentationPairs pairs) {
        var accumulators = new LinkedHashMap<String, Accumulator>();
        boolean collect = false;
        for (var entry : measures.entrySet()) {
            var measure = entry.getValue();
            check(entry.getKey(), measure, pairs);
            boolean parts = pairs.count() > Math.max(pairs.columnsOfA(), pairs.columnsOfB());
            var accumulator = measure.accumulator(pairs.columnsOfA(), pairs.columnsOfB());
            if (parts && accumulator.isPresent()) {
                accumulators.put(entry.getKey(), accumulator.get());
            } else {
                collect = true;
            }
        }
        var first = new RowCollector(collect ? pairs.count() : 0, pairs.columnsOfA());
        var second = new RowCollector(collect ? pairs.count() : 0, pairs.columnsOfB());
        boolean keep = collect;
        pairs.forEachPart(
                (a, b) -> {
                    checkFinite(a);
                    checkFinite(b);
                    accumulators.values().forEach(accumulator -> accumulator.add(a, b));
                    if (keep) {
                        first.add(a);
                        second.add(b);
                    }
                });
        var values = new LinkedHashMap<String, Double>();
        measures.forEach(
                (name, measure) -> {
                    var accumulator = accumulators.get(name);
                    values.put(
                            name,
                            checked(
                                    name,
                                    () ->
                                            accumulator != null
                                                    ? accumulator.value()
                                                    : measure.compare(
                                                            first.matrix(), second.matrix())));
                });
        return values;
    }

    private static void check(String name, SimilarityMeasure measure, RepresentationPairs pairs) {
        if (pairs.count() < measure.minimumRows()) {
            throw new UsageException(
                    "The measure '%s' needs at least %d inputs, but there %s %d: give more inputs."
                            .formatted(
                                    name,
                                    measure.minimumRows(),
                                    pairs.count() == 1 ? "is" : "are",
                                    pairs.count()));
        }
        if (measure.needsEqualWidths() && pairs.columnsOfA() != pairs.columnsOfB()) {
            throw new UsageException(
                    "The measure '%s' compares representations of one width, but these have %d and %d features: choose another measure or layer."
                            .formatted(name, pairs.columnsOfA(), pairs.columnsOfB()));
        }
    }

    private static void checkFinite(Matrix matrix) {
        int row = matrix.firstNonFiniteRow();
        if (row >= 0) {
            throw new DataException(
                    "A representation holds NaN or an infinite value (row %d of a part): the model's weights may hold NaN, or its preprocessing may not fit."
                            .formatted(row));
        }
    }

    /** A measure may be a user's: whatever it throws is told as its fault. */
    private static double checked(String name, DoubleSupplier measure) {
        double value;
        try {
            value = measure.getAsDouble();
        } catch (StirException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new BackendException(
                    "The measure '%s' failed (%s): tell its author.".formatted(name, e), e);
        }
        if (Double.isNaN(value)) {
            throw new DataException(
                    "The measure '%s' gave no number for these representations.".formatted(name));
        }
        return value;
    }

    /** Puts parts of a matrix together. */
    private static final class RowCollector {
        private final int rows;
        private final int columns;
        private final List<Matrix> parts = new ArrayList<>();

        RowCollector(int rows, int columns) {
            this.rows = rows;
            this.columns = columns;
        }

        void add(Matrix part) {
            parts.add(part);
        }

        Matrix matrix() {
            if (parts.size() != 1) {
                boolean precise = parts.stream().anyMatch(Matrix::isDouble);
                var joined = precise ? joinDoubles() : joinFloats();
                parts.clear();
                parts.add(joined);
            }
            return parts.get(0);
        }

        private Matrix joinFloats() {
            var values = new float[Math.multiplyExact(rows, columns)];
            int at = 0;
            for (var part : parts) {
                int size = part.rows() * columns;
                part.toFloats().get(values, at, size);
                at += size;
            }
            return Matrix.of(rows, columns, values);
        }

        private Matrix joinDoubles() {
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
}
