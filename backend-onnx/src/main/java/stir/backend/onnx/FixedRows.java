package stir.backend.onnx;

/** A computation on a fixed number of rows; fewer rows are padded. */
interface FixedRows extends AutoCloseable {
    /** Returns the number of rows. */
    int rows();

    @Override
    void close();
}
