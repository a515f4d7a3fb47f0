/**
 * The built-in similarity measures. Each is found by {@link java.util.ServiceLoader} like a user's
 * own; nothing here is part of the public API.
 *
 * <p>How right the values are, each measure says: the largest difference, relative to values above
 * 1, from values that were computed from the papers' formulas for 29 kinds of matrices: tall, wide,
 * rank-deficient, of tiny variance, with offsets up to 1e8, with repeated rows or columns, of whole
 * numbers, one-hot, binary, with constant columns, of single precision, of 1e30 and of 1e-30, and
 * others. What is ranked was computed without rounding there, so ties are ties. The rounding of the
 * matrices themselves is another matter: with an offset of 1e8 their own values are right to 1e-8.
 */
@NullMarked
package stir.core.similarity;

import org.jspecify.annotations.NullMarked;
