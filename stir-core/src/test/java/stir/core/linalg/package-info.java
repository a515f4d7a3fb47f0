@NullMarked
package stir.core.linalg;

import org.jspecify.annotations.NullMarked;
