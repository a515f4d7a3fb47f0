/** Measures and terms by what users write: an id with parameters. */
@NullMarked
package stir.core.extension.catalogue;

import org.jspecify.annotations.NullMarked;
