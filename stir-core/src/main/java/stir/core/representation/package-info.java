/** Representations of inputs: their reduction, and matrices that are read from files. */
@NullMarked
package stir.core.representation;

import org.jspecify.annotations.NullMarked;
