/**
 * The optimisers fast and thorough: damped Gauss-Newton steps with remembered rows, and an
 * augmented Lagrangian with projected L-BFGS. {@link
 * stir.core.inversion.optimizer.gaussnewton.Schedule} holds all numbers.
 */
@NullMarked
package stir.core.inversion.optimizer.gaussnewton;

import org.jspecify.annotations.NullMarked;
