/**
 * Checks of exported networks: whether they can be measured and searched, and whether their
 * gradients are right.
 */
@NullMarked
package stir.core.check;

import org.jspecify.annotations.NullMarked;
