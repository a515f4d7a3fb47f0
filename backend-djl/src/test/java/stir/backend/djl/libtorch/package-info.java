/** Tests of the PyTorch backend. */
@NullMarked
package stir.backend.djl.libtorch;

import org.jspecify.annotations.NullMarked;
