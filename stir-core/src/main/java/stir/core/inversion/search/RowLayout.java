package stir.core.inversion.search;

import stir.api.Shape;

/**
 * The dimensions of a search's rows.
 *
 * @param count the number of rows
 * @param shape the shape of each
 * @param schedule of the checkpoints at which residuals are recorded
 */
public record RowLayout(int count, Shape shape, CheckpointSchedule schedule) {}
