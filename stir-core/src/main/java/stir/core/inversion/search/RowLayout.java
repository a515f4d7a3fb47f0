package stir.core.inversion.search;

import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;

/**
 * The dimensions of a search's rows.
 *
 * @param count the number of rows
 * @param shape the shape of each
 * @param schedule the schedule of the checkpoints at which residuals are recorded
 * @param range the range of the stored values, which stand for points in [0,1]
 */
public record RowLayout(int count, Shape shape, CheckpointSchedule schedule, ValueRange range) {
    /** Returns the dimensions of a search for the invariant inputs of all inputs. */
    public static RowLayout of(Inputs inputs, CheckpointSchedule schedule) {
        return new RowLayout(
                inputs.count(), inputs.shape(), schedule, inputs.facts().range());
    }
}
