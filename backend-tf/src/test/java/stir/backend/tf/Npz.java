package stir.backend.tf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;

/** A reader of NumPy's archives of little-endian float32 and float64 arrays. */
final class Npz {
    private static final int HEADER_LENGTH_AT = 8;

    private final Map<String, double[]> arrays = new HashMap<>();

    Npz(Path file) throws IOException {
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName().replace(".npy", ""), values(zip.readAllBytes()));
            }
        }
    }

    private static double[] values(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int start = HEADER_LENGTH_AT + 2 + buffer.getShort(HEADER_LENGTH_AT);
        var header = new String(bytes, 0, start, StandardCharsets.ISO_8859_1);
        buffer.position(start);
        if (header.contains("'<f4'")) {
            var floats = buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            var values = new double[floats.limit()];
            for (int i = 0; i < values.length; i++) {
                values[i] = floats.get(i);
            }
            return values;
        }
        if (!header.contains("'<f8'")) {
            throw new IllegalArgumentException(header);
        }
        var values = new double[buffer.remaining() / Double.BYTES];
        buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
        return values;
    }

    /** Returns an array's values in memory order. */
    double[] array(String name) {
        var values = arrays.get(name);
        if (values == null) {
            throw new IllegalArgumentException(name + " is not among " + arrays.keySet());
        }
        return values;
    }

    /** Returns an array's values as floats. */
    float[] floats(String name) {
        var values = array(name);
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Returns the arrays' names with an ending, without that ending. */
    List<String> names(String ending) {
        return arrays.keySet().stream()
                .filter(name -> name.endsWith(ending))
                .map(name -> name.substring(0, name.length() - ending.length()))
                .sorted()
                .toList();
    }
}
