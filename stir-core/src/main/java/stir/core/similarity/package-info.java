/**
 * The built-in similarity measures. Each is found by {@link java.util.ServiceLoader} like a user's
 * own; nothing here is part of the public API.
 */
@NullMarked
package stir.core.similarity;

import org.jspecify.annotations.NullMarked;
