package stir.core.inversion.rule;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Rows of numbers of one length as {@link Calibration#write} stores them: big-endian, all bits. */
final class StoredRows {
    private StoredRows() {}

    static void write(float[][] rows, DataOutput out) throws IOException {
        out.writeInt(rows.length);
        out.writeInt(rows.length == 0 ? 0 : rows[0].length);
        for (var row : rows) {
            for (float value : row) {
                out.writeFloat(value);
            }
        }
    }

    static float[][] read(DataInput in) throws IOException {
        var rows = new float[in.readInt()][];
        int width = in.readInt();
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[width];
            for (int j = 0; j < width; j++) {
                rows[i][j] = in.readFloat();
            }
        }
        return rows;
    }
}
