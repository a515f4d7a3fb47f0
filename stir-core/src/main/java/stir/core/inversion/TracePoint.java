package stir.core.inversion;

import stir.core.math.statistics.Summary;

/**
 * A point of a convergence trace.
 *
 * @param passes the forward and backward passes of each input so far; at least 1
 * @param residual the residual of the best invariant inputs so far, over all inputs: inputs that
 *     needed fewer passes count with their last residual
 * @since 0.1.0
 */
public record TracePoint(int passes, Summary residual) {}
