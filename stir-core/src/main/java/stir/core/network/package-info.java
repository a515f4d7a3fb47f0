/**
 * Networks as they are compared: a model, the layer that is measured, and what inputs go through
 * first.
 */
@NullMarked
package stir.core.network;

import org.jspecify.annotations.NullMarked;
