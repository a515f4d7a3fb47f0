package stir.core.store;

import stir.api.Shape;

/**
 * What there is of each row that a search finds.
 *
 * @param count the number of rows
 * @param shape the shape of each
 * @param milestones at which residuals are noted
 */
public record RowLayout(int count, Shape shape, Milestones milestones) {}
