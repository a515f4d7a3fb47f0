/** Tests of the PyTorch backend. */
@NullMarked
package stir.backend.djl.torchscript;

import org.jspecify.annotations.NullMarked;
