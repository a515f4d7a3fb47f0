/** TensorFlow's native library: loading, devices, graphs, tensors and runs, each with one owner. */
@NullMarked
package stir.backend.tf.run;

import org.jspecify.annotations.NullMarked;
