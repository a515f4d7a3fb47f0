package stir.backend.onnx;

import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Shape;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipFile;

/** Small networks trained on digits, and what PyTorch computed with them. */
final class Fixtures {
    /** One digit. */
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

    static HookOptions digits(boolean fakeRelu) {
        return new HookOptions(DIGIT, fakeRelu);
    }

    /** One input of the network in {@code resources/variants}. */
    static final Shape VARIANT = Shape.of(3, 16, 16);

    static Path variant(String name) {
        return Path.of("src", "test", "resources", "variants", name + ".onnx");
    }

    /** An array of {@code variants.ref.npz}, as rows of a shape. */
    static Batch variantReference(String array, Shape row) {
        return read(
                Path.of("src", "test", "resources", "variants", "variants.ref.npz"), array, row);
    }

    /** An array of a file of NumPy's, as rows of a shape. */
    static Batch reference(String name, String array, Shape row) {
        return read(Path.of("src", "test", "resources", "fixtures", name + ".ref.npz"), array, row);
    }

    private static Batch read(Path file, String array, Shape row) {
        try (var zip = new ZipFile(file.toFile());
                var in = zip.getInputStream(zip.getEntry(array + ".npy"))) {
            var bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            int headerLength = bytes.getShort(8);
            var header = new String(bytes.array(), 10, headerLength, StandardCharsets.US_ASCII);
            bytes.position(10 + headerLength);
            return Batch.of(row, values(bytes.slice().order(ByteOrder.LITTLE_ENDIAN), header));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** {@code ||actual - expected|| / ||expected||} over all values. */
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
