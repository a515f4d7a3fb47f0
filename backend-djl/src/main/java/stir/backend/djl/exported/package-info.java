/** Programs of {@code torch.export}, written as TorchScript archives that libtorch runs. */
@NullMarked
package stir.backend.djl.exported;

import org.jspecify.annotations.NullMarked;
