/** Representations of inputs, saved as arrays for use elsewhere. */
@NullMarked
package stir.core.representation.file;

import org.jspecify.annotations.NullMarked;
