/**
 * The optimisers fast and thorough, in two phases with restarts around them. Damped Gauss-Newton
 * steps with remembered rows arrive near an invariant input ({@code MultiSecant}, {@code
 * JacobianSketch}); an augmented Lagrangian with projected L-BFGS comes nearer to the seed ({@code
 * AugmentedLagrangian}, {@code ProjectedLbfgs}). {@code RestartedSearch} chooses between them, and
 * {@code Schedule} holds the numbers.
 */
@NullMarked
package stir.core.inversion.optimizer.gaussnewton;

import org.jspecify.annotations.NullMarked;
