package stir.core.measure;

import java.util.Arrays;
import stir.core.math.linalg.DenseMatrix;

/**
 * Optimal transport between rows and columns, by shortest augmenting paths (Jonker and Volgenant
 * 1987; the rectangular form of Crouse 2016, On implementing 2D rectangular assignment algorithms):
 * every row sends some units, and every column receives at most some.
 */
final class Transport {
    private final DenseMatrix gains;

    /** The units that each column has received from each row. */
    private final int[][] flow;

    private final int[] capacity;
    private final double[] rowPrices;
    private final double[] columnPrices;

    private Transport(DenseMatrix gains, int unitsOfColumn) {
        this.gains = gains;
        flow = new int[gains.columns()][gains.rows()];
        capacity = new int[gains.columns()];
        Arrays.fill(capacity, unitsOfColumn);
        rowPrices = new double[gains.rows()];
        columnPrices = new double[gains.columns()];
    }

    /**
     * Returns a column for each row, all different, with the largest sum of gains.
     *
     * @param gains no more rows than columns
     */
    static int[] assignment(DenseMatrix gains) {
        if (gains.rows() > gains.columns()) {
            throw new IllegalArgumentException("More rows than columns: " + gains);
        }
        var transport = new Transport(gains, 1);
        for (int row = 0; row < gains.rows(); row++) {
            transport.augment(row, 1);
        }
        var columnOf = new int[gains.rows()];
        for (int column = 0; column < gains.columns(); column++) {
            for (int row = 0; row < columnOf.length; row++) {
                if (transport.flow[column][row] > 0) {
                    columnOf[row] = column;
                }
            }
        }
        return columnOf;
    }

    /**
     * Returns the largest sum of gains, each times the weight transported from its row to its
     * column; all rows together have the weight 1, each the same, and so do all columns. It is
     * faster with more rows than columns.
     */
    static double largestGain(DenseMatrix gains) {
        int divisor = commonDivisor(gains.rows(), gains.columns());
        int unitsOfRow = gains.columns() / divisor;
        var transport = new Transport(gains, gains.rows() / divisor);
        for (int row = 0; row < gains.rows(); row++) {
            for (int left = unitsOfRow; left > 0; ) {
                left -= transport.augment(row, left);
            }
        }
        return transport.gain() / ((double) gains.rows() * unitsOfRow);
    }

    private static int commonDivisor(int a, int b) {
        return b == 0 ? a : commonDivisor(b, a % b);
    }

    private double gain() {
        double sum = 0;
        for (int i = 0; i < rowPrices.length; i++) {
            for (int j = 0; j < capacity.length; j++) {
                sum += flow[j][i] * gains.get(i, j);
            }
        }
        return sum;
    }

    /**
     * Sends units of a row along the cheapest path to a column with free capacity, and returns
     * their number.
     */
    private int augment(int source, int available) {
        int rows = rowPrices.length;
        int columns = capacity.length;
        var distances = new double[columns];
        Arrays.fill(distances, Double.POSITIVE_INFINITY);
        var rowBefore = new int[columns];
        var columnBefore = new int[rows];
        var rowDistances = new double[rows];
        Arrays.fill(rowDistances, Double.POSITIVE_INFINITY);
        var reached = new boolean[columns];
        var pending = new int[rows];
        pending[0] = source;
        int pendingRows = 1;
        rowDistances[source] = 0;
        int sink = -1;
        double shortest = 0;
        while (sink < 0) {
            for (int at = 0; at < pendingRows; at++) {
                int row = pending[at];
                var gainsOfRow = gains.row(row);
                double begin = rowDistances[row] - rowPrices[row];
                for (int column = 0; column < columns; column++) {
                    double length = begin - gainsOfRow[column] - columnPrices[column];
                    if (!reached[column] && length < distances[column]) {
                        distances[column] = length;
                        rowBefore[column] = row;
                    }
                }
            }
            int nearest = -1;
            for (int column = 0; column < columns; column++) {
                if (!reached[column] && (nearest < 0 || distances[column] < distances[nearest])) {
                    nearest = column;
                }
            }
            shortest = distances[nearest];
            reached[nearest] = true;
            if (capacity[nearest] > 0) {
                sink = nearest;
            } else {
                // The units that a column has received may be sent elsewhere at no cost.
                pendingRows = 0;
                for (int row = 0; row < rows; row++) {
                    if (flow[nearest][row] > 0 && rowDistances[row] == Double.POSITIVE_INFINITY) {
                        rowDistances[row] = shortest;
                        columnBefore[row] = nearest;
                        pending[pendingRows++] = row;
                    }
                }
            }
        }
        for (int row = 0; row < rows; row++) {
            if (rowDistances[row] < Double.POSITIVE_INFINITY) {
                rowPrices[row] += shortest - rowDistances[row];
            }
        }
        for (int column = 0; column < columns; column++) {
            if (reached[column]) {
                columnPrices[column] -= shortest - distances[column];
            }
        }
        return send(source, sink, available, rowBefore, columnBefore);
    }

    private int send(int source, int sink, int available, int[] rowBefore, int[] columnBefore) {
        int amount = Math.min(available, capacity[sink]);
        for (int row = rowBefore[sink]; row != source; row = rowBefore[columnBefore[row]]) {
            amount = Math.min(amount, flow[columnBefore[row]][row]);
        }
        int column = sink;
        for (int row = rowBefore[sink]; ; row = rowBefore[column]) {
            flow[column][row] += amount;
            if (row == source) {
                break;
            }
            column = columnBefore[row];
            flow[column][row] -= amount;
        }
        capacity[sink] -= amount;
        return amount;
    }
}
