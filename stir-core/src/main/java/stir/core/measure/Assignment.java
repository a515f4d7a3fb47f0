package stir.core.measure;

import stir.core.math.linalg.DenseMatrix;

import java.util.Arrays;

/**
 * The linear assignment problem, by shortest augmenting paths (Jonker and Volgenant 1987; the
 * rectangular form of Crouse 2016, On implementing 2D rectangular assignment algorithms).
 */
final class Assignment {
    private final DenseMatrix gains;
    private final double[] rowPrices;
    private final double[] columnPrices;
    private final int[] rowOf;
    private final int[] columnOf;
    private final double[] distances;
    private final int[] predecessors;

    private Assignment(DenseMatrix gains) {
        this.gains = gains;
        rowPrices = new double[gains.rows()];
        columnPrices = new double[gains.columns()];
        columnOf = unassigned(gains.rows());
        rowOf = unassigned(gains.columns());
        distances = new double[gains.columns()];
        predecessors = new int[gains.columns()];
    }

    private static int[] unassigned(int size) {
        var none = new int[size];
        Arrays.fill(none, -1);
        return none;
    }

    /**
     * Returns a column for each row, all different, with the largest sum of gains.
     *
     * @param gains no more rows than columns
     */
    static int[] largest(DenseMatrix gains) {
        if (gains.rows() > gains.columns()) {
            throw new IllegalArgumentException("More rows than columns: " + gains);
        }
        var assignment = new Assignment(gains);
        for (int row = 0; row < gains.rows(); row++) {
            assignment.augment(row);
        }
        return assignment.columnOf;
    }

    /** Assigns a column to one more row, moving others along the cheapest path. */
    private void augment(int free) {
        Arrays.fill(distances, Double.POSITIVE_INFINITY);
        var reachedRows = new boolean[rowPrices.length];
        var reachedColumns = new boolean[columnPrices.length];
        double shortest = 0;
        int row = free;
        int sink = -1;
        while (sink < 0) {
            reachedRows[row] = true;
            int nearest = -1;
            for (int column = 0; column < distances.length; column++) {
                if (reachedColumns[column]) {
                    continue;
                }
                double length =
                        shortest - gains.get(row, column) - rowPrices[row] - columnPrices[column];
                if (length < distances[column]) {
                    distances[column] = length;
                    predecessors[column] = row;
                }
                if (nearest < 0 || distances[column] < distances[nearest]) {
                    nearest = column;
                }
            }
            shortest = distances[nearest];
            reachedColumns[nearest] = true;
            if (rowOf[nearest] < 0) {
                sink = nearest;
            } else {
                row = rowOf[nearest];
            }
        }
        reprice(free, shortest, reachedRows, reachedColumns);
        follow(sink, free);
    }

    private void reprice(
            int free, double shortest, boolean[] reachedRows, boolean[] reachedColumns) {
        for (int row = 0; row < reachedRows.length; row++) {
            if (row == free) {
                rowPrices[row] += shortest;
            } else if (reachedRows[row]) {
                rowPrices[row] += shortest - distances[columnOf[row]];
            }
        }
        for (int column = 0; column < reachedColumns.length; column++) {
            if (reachedColumns[column]) {
                columnPrices[column] -= shortest - distances[column];
            }
        }
    }

    private void follow(int sink, int free) {
        int column = sink;
        int row;
        do {
            row = predecessors[column];
            rowOf[column] = row;
            int next = columnOf[row];
            columnOf[row] = column;
            column = next;
        } while (row != free);
    }
}
