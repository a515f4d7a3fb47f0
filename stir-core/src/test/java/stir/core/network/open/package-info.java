@NullMarked
package stir.core.network.open;

import org.jspecify.annotations.NullMarked;
