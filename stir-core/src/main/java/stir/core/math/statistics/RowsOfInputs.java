package stir.core.math.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows of a matrix by the inputs that they belong to. Those of an input are consecutive, and
 * stay together where inputs are left out or shuffled. Immutable.
 *
 * @since 0.1.0
 */
public final class RowsOfInputs {
    private final int[] starts; // of each input, and the number of all rows

    private RowsOfInputs(int[] starts) {
        this.starts = starts;
    }

    /** Returns rows of inputs that have as many each. */
    public static RowsOfInputs alike(int inputs, int rowsOfOneInput) {
        Math.multiplyExact(inputs, rowsOfOneInput);
        return new RowsOfInputs(
                IntStream.rangeClosed(0, inputs).map(input -> input * rowsOfOneInput).toArray());
    }

    /** Returns rows of inputs by the number that each has. */
    public static RowsOfInputs ofNumbers(int[] numbers) {
        var starts = new int[numbers.length + 1];
        for (int i = 0; i < numbers.length; i++) {
            starts[i + 1] = Math.addExact(starts[i], numbers[i]);
        }
        return new RowsOfInputs(starts);
    }

    /** Returns the number of inputs. */
    public int inputs() {
        return starts.length - 1;
    }

    /** Returns the number of rows of all inputs. */
    public int rows() {
        return starts[inputs()];
    }

    /** Returns the first row of an input. */
    public int start(int input) {
        return starts[input];
    }

    private IntStream numbers() {
        return IntStream.range(0, inputs()).map(input -> starts[input + 1] - starts[input]);
    }

    /** Returns the smallest number of rows of an input. */
    public int fewest() {
        return numbers().min().orElse(0);
    }

    /** Returns the largest number of rows of an input. */
    public int most() {
        return numbers().max().orElse(0);
    }

    /** Returns the rows of the given inputs, one input after another. */
    public int[] of(int[] inputs) {
        int size = 0;
        for (int input : inputs) {
            size += starts[input + 1] - starts[input];
        }
        var rows = new int[size];
        int at = 0;
        for (int input : inputs) {
            for (int row = starts[input]; row < starts[input + 1]; row++) {
                rows[at++] = row;
            }
        }
        return rows;
    }

    /** Returns whether each input has as many rows as in other rows. */
    public boolean areLike(RowsOfInputs other) {
        return Arrays.equals(starts, other.starts);
    }
}
