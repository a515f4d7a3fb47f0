package stir.backend.onnx.graph;

/**
 * The location of a tensor's elements outside the model's file.
 *
 * @param location a path relative to the model's folder
 * @param offset the first byte
 * @param length the number of bytes
 */
public record ExternalData(String location, long offset, long length) {}
