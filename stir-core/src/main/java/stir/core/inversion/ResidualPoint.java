package stir.core.inversion;

import stir.core.statistics.Summary;

/**
 * How far a search had come at some point of its way.
 *
 * @param passes the forward and backward passes that each input had had by then; at least 1
 * @param residual of the best invariant inputs so far, over all inputs: those that needed fewer
 *     passes count with what they ended with
 * @since 0.1.0
 */
public record ResidualPoint(int passes, Summary residual) {}
