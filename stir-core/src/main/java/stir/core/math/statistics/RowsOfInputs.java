package stir.core.math.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The assignment of a matrix's rows to inputs. The rows of an input are consecutive, and stay
 * together if inputs are left out or permuted. Immutable.
 *
 * @since 0.1.0
 */
public final class RowsOfInputs {
    private final int[] starts; // of each input, and the number of all rows

    private RowsOfInputs(int[] starts) {
        this.starts = starts;
    }

    /** Returns an assignment with the same number of rows for each input. */
    public static RowsOfInputs alike(int inputs, int rowsOfOneInput) {
        Math.multiplyExact(inputs, rowsOfOneInput);
        return new RowsOfInputs(IntStream.rangeClosed(0, inputs)
                .map(input -> input * rowsOfOneInput)
                .toArray());
    }

    /** Returns an assignment from the number of rows per input. */
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

    /** Returns the total number of rows. */
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

    /** Returns the smallest number of rows per input. */
    public int fewest() {
        return numbers().min().orElse(0);
    }

    /** Returns the largest number of rows per input. */
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

    /** Returns whether each input has the same number of rows as in another assignment. */
    public boolean areLike(RowsOfInputs other) {
        return Arrays.equals(starts, other.starts);
    }
}
