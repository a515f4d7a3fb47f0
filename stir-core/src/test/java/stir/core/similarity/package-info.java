@NullMarked
package stir.core.similarity;

import org.jspecify.annotations.NullMarked;
