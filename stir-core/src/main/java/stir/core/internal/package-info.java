/** How the public types of {@code stir.core} do their work. */
@NullMarked
package stir.core.internal;

import org.jspecify.annotations.NullMarked;
