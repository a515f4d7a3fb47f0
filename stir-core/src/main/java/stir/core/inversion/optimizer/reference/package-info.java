/** The published gradient steps, and the objectives of several terms that they follow. */
@NullMarked
package stir.core.inversion.optimizer.reference;

import org.jspecify.annotations.NullMarked;
