@NullMarked
package stir.core.study;

import org.jspecify.annotations.NullMarked;
