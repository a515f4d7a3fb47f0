package stir.core.inversion;

import stir.core.network.NetworkSpec;
import stir.core.network.Preprocessing;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A second network of a search, which moves away from the reference's representation.
 *
 * @param model its file or folder; the backends recognise it
 * @param layer where it is measured; empty for its default layer
 * @param mean what is subtracted from inputs in [0,1] before it takes them: one value, one a
 *     channel, or none
 * @param standardDeviation what they are divided by then
 * @since 0.1.0
 */
public record SecondNetwork(
        Path model, Optional<String> layer, List<Double> mean, List<Double> standardDeviation) {
    /** Copies the lists. */
    public SecondNetwork {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(layer, "layer");
        mean = List.copyOf(mean);
        standardDeviation = List.copyOf(standardDeviation);
    }

    /** The network in a file at its default layer, which takes inputs as they are. */
    public static SecondNetwork of(Path model) {
        return new SecondNetwork(model, Optional.empty(), List.of(), List.of());
    }

    /** How it is opened, on the CPU with all its processors. */
    public NetworkSpec spec() {
        var spec =
                NetworkSpec.of(model)
                        .withPreprocessing(
                                new Preprocessing(mean, standardDeviation, Optional.empty()));
        return layer.map(spec::withLayer).orElse(spec);
    }
}
