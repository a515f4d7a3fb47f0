package stir.api;

/**
 * How the values of one image lie in a row.
 *
 * @since 0.1.0
 */
public enum Layout {
    /** Channels, height, width: PyTorch's and most ONNX models' order (NCHW). */
    CHANNELS_FIRST,
    /** Height, width, channels: TensorFlow's usual order (NHWC). */
    CHANNELS_LAST,
    /** No image: a plain vector, or values whose meaning the backend does not know. */
    FLAT
}
