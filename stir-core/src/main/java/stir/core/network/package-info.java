/** Networks that are compared: a model, the measured layer, and the preprocessing of inputs. */
@NullMarked
package stir.core.network;

import org.jspecify.annotations.NullMarked;
