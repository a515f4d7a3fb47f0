/** What those who implement the service interfaces, and Stir itself, build upon. */
@NullMarked
package stir.api.support;

import org.jspecify.annotations.NullMarked;
