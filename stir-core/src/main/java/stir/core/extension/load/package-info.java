/** Loading of backends, measures and terms, each drop-in in a separate module layer. */
@NullMarked
package stir.core.extension.load;

import org.jspecify.annotations.NullMarked;
