package stir.backend.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipFile;
import stir.api.Batch;
import stir.api.Device;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Shape;

/** Small networks trained on digits, with PyTorch's results. */
final class Fixtures {
    /** The shape of one digit. */
    static final Shape DIGIT = Shape.of(1, 28, 28);

    private Fixtures() {}

    static Path model(String name) {
        return Path.of("src", "test", "resources", "fixtures", name + ".onnx");
    }

    static Path cache() {
        return Path.of("target", "native-cache").toAbsolutePath();
    }

    static ModelOptions options(int threads) {
        return new ModelOptions(Device.CPU, threads, cache(), Map.of());
    }

    static Model open(String name) {
        return new OnnxBackendProvider().open(model(name), options(1));
    }

    static HookOptions digits(FakeRelu fakeRelu) {
        return new HookOptions(DIGIT, fakeRelu);
    }

    /** The shape of one input of the network in {@code resources/variants}. */
    static final Shape VARIANT = Shape.of(3, 16, 16);

    static Path variant(String name) {
        return Path.of("src", "test", "resources", "variants", name + ".onnx");
    }

    /** Returns an array of {@code variants.ref.npz}, as rows of a shape. */
    static Batch variantReference(String array, Shape row) {
        return read(Path.of("src", "test", "resources", "variants", "variants.ref.npz"), array, row);
    }

    /** Returns an array of a NumPy file, as rows of a shape. */
    static Batch reference(String name, String array, Shape row) {
        return read(Path.of("src", "test", "resources", "fixtures", name + ".ref.npz"), array, row);
    }

    private static Batch read(Path file, String array, Shape row) {
        try (var zip = new ZipFile(file.toFile());
                var in = zip.getInputStream(zip.getEntry(array + ".npy"))) {
            return Batch.of(row, values(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns all arrays of a NumPy file by name, in their order. */
    static Map<String, float[]> arrays(Path file) {
        var arrays = new LinkedHashMap<String, float[]>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                try (var in = zip.getInputStream(entry)) {
                    var name = entry.getName().replaceFirst("\\.npy$", "");
                    arrays.put(name, values(in.readAllBytes()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return arrays;
    }

    private static float[] values(byte[] file) {
        var bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = bytes.getShort(8);
        var header = new String(file, 10, headerLength, StandardCharsets.US_ASCII);
        bytes.position(10 + headerLength);
        return values(bytes.slice().order(ByteOrder.LITTLE_ENDIAN), header);
    }

    private static float[] values(ByteBuffer bytes, String header) {
        if (header.contains("<f4")) {
            var values = new float[bytes.remaining() / Float.BYTES];
            bytes.asFloatBuffer().get(values);
            return values;
        }
        var values = new float[bytes.remaining() / Double.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) bytes.getDouble(Double.BYTES * i);
        }
        return values;
    }

    /** Returns {@code ||actual - expected|| / ||expected||} over all values. */
    static double relativeError(float[] expected, float[] actual) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) expected[i] - actual[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / size);
    }
}
