package stir.core.inversion;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import stir.core.network.NetworkSpec;
import stir.core.network.Preprocessing;

/**
 * The second network of a search, whose representation moves away from the input's.
 *
 * @param model its file or folder; the backends recognise it
 * @param layer the layer that is measured; empty for its default layer
 * @param mean the values that are subtracted from inputs in [0,1] first: one, one per channel, or
 *     none
 * @param standardDeviation the values that the differences are divided by
 * @param inputs the inputs of a network with several inputs
 * @since 0.1.0
 */
public record SecondNetwork(
        Path model, Optional<String> layer, List<Double> mean, List<Double> standardDeviation, SecondInputs inputs) {
    /** Copies the lists. */
    public SecondNetwork {
        mean = List.copyOf(mean);
        standardDeviation = List.copyOf(standardDeviation);
    }

    /** Creates the network of a file at its default layer, without preprocessing. */
    public static SecondNetwork of(Path model) {
        return new SecondNetwork(model, Optional.empty(), List.of(), List.of(), SecondInputs.ONE);
    }

    /**
     * Returns the specification that opens it, on the CPU with all its processors.
     *
     * @throws stir.api.StirException if a file of its inputs does not exist or can't be read
     */
    public NetworkSpec spec() {
        var spec = NetworkSpec.of(model)
                .withPreprocessing(new Preprocessing(mean, standardDeviation, Optional.empty()))
                .withInputs(inputs.read());
        return layer.map(spec::withLayer).orElse(spec);
    }
}
