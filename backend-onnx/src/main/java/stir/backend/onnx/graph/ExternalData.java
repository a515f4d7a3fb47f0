package stir.backend.onnx.graph;

/**
 * Where a tensor's elements lie outside the model's file.
 *
 * @param location a path relative to the model's folder
 * @param offset the first byte
 * @param length the number of bytes
 */
public record ExternalData(String location, long offset, long length) {}
