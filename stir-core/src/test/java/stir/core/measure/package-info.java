@NullMarked
package stir.core.measure;

import org.jspecify.annotations.NullMarked;
