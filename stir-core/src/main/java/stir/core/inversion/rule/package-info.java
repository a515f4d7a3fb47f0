/**
 * How a search moves a point: optimisers, terms of objectives, constraints, and what is learnt
 * before.
 */
@NullMarked
package stir.core.inversion.rule;

import org.jspecify.annotations.NullMarked;
