/** PyTorch: TorchScript through DJL. */
@NullMarked
package stir.backend.djl;

import org.jspecify.annotations.NullMarked;
