@NullMarked
package stir.core.network;

import org.jspecify.annotations.NullMarked;
