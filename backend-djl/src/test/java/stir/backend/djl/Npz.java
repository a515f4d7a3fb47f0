package stir.backend.djl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/** The arrays of a NumPy .npz file, little-endian floats or doubles in C order. */
record Npz(Map<String, NumpyArray> arrays) {
    private static final Pattern HEADER = Pattern.compile(
            ".*'descr': '<f([48])', 'fortran_order': False, 'shape': \\([^)]*\\).*\\s*", Pattern.DOTALL);
    private static final int LENGTH_AT = 8;
    private static final int HEADER_AT = 10;

    /** The values of an array, flattened. */
    static final class NumpyArray {
        private final double[] values;

        private NumpyArray(double[] values) {
            this.values = values;
        }
    }

    static Npz read(Path file) throws IOException {
        var arrays = new LinkedHashMap<String, NumpyArray>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entries = zip.entries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                try (var in = zip.getInputStream(entry)) {
                    arrays.put(entry.getName().replace(".npy", ""), array(in.readAllBytes()));
                }
            }
        }
        return new Npz(arrays);
    }

    private static NumpyArray array(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = buffer.getShort(LENGTH_AT);
        var text = new String(bytes, HEADER_AT, length, StandardCharsets.ISO_8859_1);
        var header = HEADER.matcher(text);
        if (!header.matches()) {
            throw new IllegalArgumentException("unsupported format:  " + text);
        }
        buffer.position(HEADER_AT + length);
        var data = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
        int width = Integer.parseInt(header.group(1));
        var values = new double[data.remaining() / width];
        for (int i = 0; i < values.length; i++) {
            values[i] = width == Float.BYTES ? data.getFloat() : data.getDouble();
        }
        return new NumpyArray(values);
    }

    /** Returns an array's values. */
    double[] doubles(String name) {
        var array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("no array " + name + " in " + arrays.keySet());
        }
        return array.values.clone();
    }

    /** Returns an array's values in single precision. */
    float[] floats(String name) {
        var doubles = doubles(name);
        var floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }
}
