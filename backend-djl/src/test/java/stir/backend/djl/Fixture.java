package stir.backend.djl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import stir.api.Batch;
import stir.api.Device;
import stir.api.ModelOptions;
import stir.api.Shape;

/** Small networks trained on digits, with the results of PyTorch in Python. */
final class Fixture {
    static final Shape DIGIT = Shape.of(1, 28, 28);
    static final List<String> NETWORKS = List.of("vgg0", "vgg1", "resnet0", "resnet1", "adv0", "vit0");
    static final List<String> EXPORTS = List.of("script", "trace");

    private Fixture() {}

    static Path file(String name) {
        var resource = Fixture.class.getResource(name);
        if (resource == null) {
            throw new IllegalArgumentException("no resource " + name);
        }
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path cache() {
        return Path.of("target", "native-cache").toAbsolutePath();
    }

    static ModelOptions options() {
        return new ModelOptions(Device.CPU, 1, cache(), Map.of());
    }

    static TorchScriptModel open(String name) {
        return (TorchScriptModel) new DjlBackendProvider().open(file(name), options());
    }

    /** Returns the layer of the files' representations and gradients. */
    static String layer(String network) {
        return network.startsWith("vit") ? "pick" : network.startsWith("resnet") ? "flatten" : "classifier.relu1";
    }

    static Npz reference(String network) {
        return arrays(network + ".ref.npz");
    }

    static Npz arrays(String name) {
        try {
            return Npz.read(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Batch noise(int rows, Shape shape, long seed) {
        var random = new Random(seed);
        var batch = Batch.allocate(rows, shape);
        var values = batch.buffer();
        while (values.hasRemaining()) {
            values.put(random.nextFloat());
        }
        return batch;
    }

    /** Returns the norm of the difference divided by the norm of the first; 0 if both are 0. */
    static double relativeError(float[] expected, float[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalArgumentException(expected.length + " and " + actual.length);
        }
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) expected[i] - actual[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return difference == 0 ? 0 : Math.sqrt(difference / size);
    }
}
