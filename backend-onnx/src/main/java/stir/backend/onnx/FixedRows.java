package stir.backend.onnx;

/** What computes a fixed number of rows, or fewer, which it fills up. */
interface FixedRows extends AutoCloseable {
    /** Returns the number of rows. */
    int rows();

    @Override
    void close();
}
