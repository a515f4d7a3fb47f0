package stir.core.math.linalg;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Binary input and output of doubles, bit for bit. */
final class Doubles {
    private Doubles() {}

    static void write(double[] values, DataOutputStream out) throws IOException {
        var bytes = ByteBuffer.allocate(Double.BYTES * values.length);
        bytes.asDoubleBuffer().put(values);
        out.write(bytes.array());
    }

    static void write(DenseMatrix matrix, DataOutputStream out) throws IOException {
        for (int i = 0; i < matrix.rows(); i++) {
            write(matrix.row(i), out);
        }
    }

    static void read(DataInputStream in, double[] into) throws IOException {
        var bytes = new byte[Double.BYTES * into.length];
        in.readFully(bytes);
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(into);
    }

    static void read(DataInputStream in, DenseMatrix into) throws IOException {
        for (int i = 0; i < into.rows(); i++) {
            read(in, into.row(i));
        }
    }
}
