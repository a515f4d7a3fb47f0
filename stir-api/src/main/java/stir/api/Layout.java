package stir.api;

/**
 * The memory layout of one image in a row.
 *
 * @since 0.1.0
 */
public enum Layout {
    /** Channels, height, width: PyTorch's and most ONNX models' order (NCHW). */
    CHANNELS_FIRST,
    /** Height, width, channels: TensorFlow's usual order (NHWC). */
    CHANNELS_LAST,
    /** Not an image: a plain vector, or values whose meaning the backend does not determine. */
    FLAT
}
