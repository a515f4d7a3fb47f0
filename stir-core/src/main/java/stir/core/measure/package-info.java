/**
 * The built-in similarity measures. Each is found by {@link java.util.ServiceLoader} like a user's
 * own; nothing here is part of the public API.
 *
 * <p>Each measure states its accuracy: the largest difference, relative to values above 1, from
 * values that were computed from the papers' formulas for 29 kinds of matrices: tall, wide,
 * rank-deficient, of tiny variance, with offsets up to 1e8, with repeated rows or columns, integer,
 * one-hot, binary, with constant columns, of single precision, of 1e30 and of 1e-30, and others.
 * Ranked values were computed without rounding in the reference, so ties are ties. The rounding of
 * the matrices themselves is not included: with an offset of 1e8 their own values are accurate to
 * 1e-8.
 */
@NullMarked
package stir.core.measure;

import org.jspecify.annotations.NullMarked;
