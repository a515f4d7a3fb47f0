/** The service interfaces of Stir and their values. */
@NullMarked
package stir.api;

import org.jspecify.annotations.NullMarked;
