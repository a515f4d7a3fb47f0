package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.Shape;

class InconsistencyTest {
    private static final int WIDTH = 6;

    /** The rows of other inputs that a network returns for the rows of a pass. */
    private enum Order {
        REVERSED,
        ROTATED,
        ROTATED_BY_TWO,
        NEIGHBOURS_SWAPPED,
        HALVES_SWAPPED;

        IntUnaryOperator of(int rows) {
            return switch (this) {
                case REVERSED -> row -> rows - 1 - row;
                case ROTATED -> row -> (row + 1) % rows;
                case ROTATED_BY_TWO -> row -> (row + 2) % rows;
                case NEIGHBOURS_SWAPPED -> row -> (row ^ 1) < rows ? row ^ 1 : row;
                case HALVES_SWAPPED -> row -> (row + rows / 2) % rows;
            };
        }
    }

    private static Batch inputs(int rows) {
        var random = new Random(58);
        var inputs = Batch.allocate(rows, Shape.of(WIDTH));
        for (int i = 0; i < inputs.buffer().limit(); i++) {
            inputs.buffer().put(i, random.nextFloat());
        }
        return inputs;
    }

    private static Batch squares(Batch inputs) {
        var squares = inputs.copy();
        for (int i = 0; i < squares.buffer().limit(); i++) {
            squares.buffer().put(i, squares.buffer().get(i) * squares.buffer().get(i));
        }
        return squares;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 7, 8, 25})
    void aFunctionOfItsInputIsOne(int rows) {
        assertEquals(Optional.empty(), Inconsistency.of(InconsistencyTest::squares, inputs(rows)));
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkThatReturnsRowsInAnotherOrderMixesThem(Order order) {
        for (int rows = 3; rows <= 25; rows++) {
            assertEquals(
                    Optional.of(Inconsistency.MIXING),
                    Inconsistency.of(
                            batch -> {
                                var squares = squares(batch);
                                var other = squares.copy();
                                var from = order.of(batch.rows());
                                for (int row = 0; row < batch.rows(); row++) {
                                    other.copyRow(squares, from.applyAsInt(row), row);
                                }
                                return other;
                            },
                            inputs(rows)),
                    rows + " rows");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 7, 8, 25})
    void aNetworkThatScalesByTheNumberOfRowsMixesThem(int rows) {
        assertEquals(
                Optional.of(Inconsistency.MIXING),
                Inconsistency.of(
                        batch -> {
                            var squares = squares(batch);
                            for (int i = 0; i < squares.buffer().limit(); i++) {
                                squares.buffer().put(i, squares.buffer().get(i) * batch.rows());
                            }
                            return squares;
                        },
                        inputs(rows)));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 7})
    void aNetworkThatMixesPassesOfOneNumberOfRowsMixesThem(int mixed) {
        // The passes of 20 inputs have 7, 7 and 6 rows.
        var inconsistency = Inconsistency.of(
                batch -> {
                    var sum = squares(batch);
                    for (int i = 0; batch.rows() == mixed && i < WIDTH; i++) {
                        float first = sum.get(0, i);
                        for (int row = 0; row < mixed; row++) {
                            float next = row + 1 < mixed ? sum.get(row + 1, i) : first;
                            sum.set(row, i, sum.get(row, i) + next);
                        }
                    }
                    return sum;
                },
                inputs(7));
        assertEquals(Optional.of(Inconsistency.MIXING), inconsistency);
    }

    @Test
    void aNetworkThatCountsItsPassesChanges() {
        var passes = new AtomicInteger();
        var inconsistency = Inconsistency.of(
                batch -> {
                    var counted = squares(batch);
                    int pass = passes.incrementAndGet();
                    for (int i = 0; i < counted.buffer().limit(); i++) {
                        counted.buffer().put(i, counted.buffer().get(i) + pass);
                    }
                    return counted;
                },
                inputs(8));
        assertEquals(Optional.of(Inconsistency.CHANGING), inconsistency);
        assertTrue(passes.get() < 7, passes + " passes");
    }
}
