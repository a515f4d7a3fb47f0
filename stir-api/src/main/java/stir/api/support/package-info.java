/** Building blocks for implementations of the service interfaces and for Stir itself. */
@NullMarked
package stir.api.support;

import org.jspecify.annotations.NullMarked;
