package stir.core.score.compute;

import stir.api.Matrix;

import java.util.ArrayList;
import java.util.List;

/** Puts parts of a matrix together. */
final class RowCollector {
    private final int rows;
    private final int columns;
    private final List<Matrix> parts = new ArrayList<>();

    /** A collector of a matrix of this size. */
    RowCollector(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** Takes the next rows. */
    void add(Matrix part) {
        parts.add(part);
    }

    /** All rows; the parts are given up. */
    Matrix matrix() {
        if (parts.size() != 1) {
            boolean precise = parts.stream().anyMatch(Matrix::isDouble);
            var joined = precise ? joinDoubles() : joinFloats();
            parts.clear();
            parts.add(joined);
        }
        return parts.get(0);
    }

    private Matrix joinFloats() {
        var values = new float[Math.multiplyExact(rows, columns)];
        int at = 0;
        for (var part : parts) {
            int size = part.rows() * columns;
            part.toFloats().get(values, at, size);
            at += size;
        }
        return Matrix.of(rows, columns, values);
    }

    private Matrix joinDoubles() {
        var values = new double[Math.multiplyExact(rows, columns)];
        int at = 0;
        for (var part : parts) {
            var more = part.toDoubles();
            System.arraycopy(more, 0, values, at, more.length);
            at += more.length;
        }
        return Matrix.of(rows, columns, values);
    }
}
