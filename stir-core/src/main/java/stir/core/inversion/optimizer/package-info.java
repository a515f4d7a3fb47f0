/** The contract between a search and the rules that move its inputs. */
@NullMarked
package stir.core.inversion.optimizer;

import org.jspecify.annotations.NullMarked;
