/** Tests of the PyTorch backend. */
@NullMarked
package stir.backend.djl;

import org.jspecify.annotations.NullMarked;
