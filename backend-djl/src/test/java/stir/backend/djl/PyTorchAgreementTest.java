package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.contract.Numerical;

/** Values and gradients agree with PyTorch in Python. */
@Numerical
class PyTorchAgreementTest {
    private static final Pattern ACTIVATION = Pattern.compile(
            "\"([^\"]+)\": \\{\\s*\"shape\": \\[([^\\]]*)\\],\\s*\"mean\": ([^,]+),\\s*\"l2\": ([^}\\s]+)\\s*\\}");

    /** An empty Sequential, which returns its input and leaves nothing in a trace. */
    private static final String DROPPED_BY_TRACING = "layer1.0.shortcut";

    static Stream<List<String>> archives() {
        return Fixture.NETWORKS.stream()
                .flatMap(name -> Fixture.EXPORTS.stream().map(export -> List.of(name, export)));
    }

    private static Batch inputs(String network, String array) {
        return Batch.of(Fixture.DIGIT, Fixture.reference(network).floats(array));
    }

    @ParameterizedTest
    @MethodSource("archives")
    void representationsAndGradients(List<String> archive) {
        var network = archive.get(0);
        var reference = Fixture.reference(network);
        try (var model = Fixture.open(network + "." + archive.get(1) + ".pt");
                var hook = model.hook(Fixture.layer(network), new HookOptions(Fixture.DIGIT))) {
            assertFalse(hook.fakeRelu());
            var x = inputs(network, "x");
            var targets = Batch.allocate(x.rows(), hook.layer().shape());
            hook.represent(x, targets);
            assertTrue(Fixture.relativeError(reference.floats("rep"), targets.toArray()) < 1e-5, "representation");

            var xp = inputs(network, "xp");
            var norms = new double[x.rows()];
            Norm.L2.norms(targets, norms);
            var distances = new double[x.rows()];
            var gradients = Batch.allocate(x.rows(), Fixture.DIGIT);
            hook.distance(xp, targets, Norm.L2, distances, gradients);
            for (int row = 0; row < x.rows(); row++) {
                distances[row] /= norms[row];
                for (int i = 0; i < gradients.rowSize(); i++) {
                    gradients.set(row, i, (float) (gradients.get(row, i) / norms[row]));
                }
            }
            assertArrayEquals(reference.doubles("dist"), distances, 1e-5);
            double error = Fixture.relativeError(reference.floats("grad"), gradients.toArray());
            assertTrue(error < 1e-4, "gradient: relative error " + error);
        }
    }

    /** One network of each architecture: the layers of the others are the same, with other weights. */
    static Stream<List<String>> architectures() {
        return archives().filter(archive -> List.of("vgg0", "resnet0", "vit0").contains(archive.get(0)));
    }

    @Tag("once")
    @ParameterizedTest
    @MethodSource("architectures")
    void everyLayer(List<String> archive) {
        var network = archive.get(0);
        var x = inputs(network, "x");
        var activation = ACTIVATION.matcher(Fixture.text(network + ".acts.json"));
        try (var model = Fixture.open(network + "." + archive.get(1) + ".pt")) {
            var names = new TreeSet<String>();
            model.layers(Fixture.DIGIT).forEach(layer -> names.add(layer.name()));
            int count = 0;
            while (activation.find()) {
                var name = activation.group(1);
                if (name.equals(DROPPED_BY_TRACING) && archive.get(1).equals("trace")) {
                    var options = new HookOptions(Fixture.DIGIT);
                    var refusal = assertThrows(UsageException.class, () -> model.hook(name, options));
                    assertTrue(refusal.getMessage().contains("has no effect in this archive"));
                    continue;
                }
                assertTrue(names.contains(name), name + " is not among " + names);
                try (var hook = model.hook(name, new HookOptions(Fixture.DIGIT))) {
                    var values = Batch.allocate(x.rows(), hook.layer().shape());
                    hook.represent(x, values);
                    var shape = Arrays.stream(activation.group(2).split(",", -1))
                            .skip(1)
                            .mapToInt(part -> Integer.parseInt(part.strip()))
                            .toArray();
                    assertArrayEquals(shape, hook.layer().shape().dimensions(), name);
                    double sum = 0;
                    double squares = 0;
                    for (float value : values.toArray()) {
                        sum += value;
                        squares += (double) value * value;
                    }
                    double l2 = Double.parseDouble(activation.group(4));
                    assertEquals(l2, Math.sqrt(squares), 1e-5 * l2, name);
                    assertEquals(
                            Double.parseDouble(activation.group(3)),
                            sum / values.buffer().limit(),
                            1e-5 * l2 / Math.sqrt(values.buffer().limit()),
                            name);
                }
                count++;
            }
            assertTrue(count >= 15, count + " layers");
        }
    }

    /**
     * Networks with several outputs (the first counts), with convolutional classifiers, and with a
     * classifier that is called in a branch.
     */
    @ParameterizedTest
    @CsvSource({"heads, relu", "namedheads, relu", "squeezing, features", "marking, features", "choosing, classifier@in"
    })
    void defaultLayersOfOtherHeads(String network, String expected) {
        for (var export : Fixture.EXPORTS) {
            try (var model = Fixture.open(network + "." + export + ".pt")) {
                assertEquals(expected, model.defaultLayer().orElse("none"), export);
                var listed = model.layers(Shape.of(3, 6, 6)).stream()
                        .filter(layer -> layer.obstacle().isEmpty())
                        .map(layer -> layer.name())
                        .toList();
                assertTrue(listed.contains(expected), listed::toString);
                assertTrue(listed.stream().noneMatch(name -> name.startsWith("[")));
            }
        }
    }

    @Test
    void defaultLayers() {
        for (var network : Fixture.NETWORKS) {
            for (var export : Fixture.EXPORTS) {
                try (var model = Fixture.open(network + "." + export + ".pt")) {
                    assertEquals(Fixture.layer(network), model.defaultLayer().orElse("none"), network + " " + export);
                }
            }
        }
    }
}
