/** Arrays in files: NumPy's {@code .npy} and {@code .npz}, and matrices as CSV. */
@NullMarked
package stir.core.io.arrays;

import org.jspecify.annotations.NullMarked;
