package stir.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import stir.api.Layout;
import stir.api.UsageException;
import stir.core.network.NetworkSpec;
import stir.core.network.Normalisation;
import stir.core.network.Preprocessing;
import stir.core.network.SearchedLayer;

/**
 * The options that open one network. A command with two networks has each option three times: for
 * both networks, and with a suffix for one of them.
 */
public final class NetworkOptions {
    /** The suffix of an option for the first of two networks. */
    public static final String OF_A = "-a";

    /** The suffix of an option for the second of two networks. */
    public static final String OF_B = "-b";

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            split = ",",
            description = "Layer to measure; `stir layers` lists them (default: the last before the"
                    + " classifier). The search also matches any additional layers named here.")
    List<String> layers = List.of();

    @Option(
            names = "--layer-weights",
            paramLabel = "W",
            split = ",",
            description = "Weight of each layer's relative distance in the search (default:" + " equal weights).")
    List<Double> layerWeights = List.of();

    @Option(
            names = {"--normalise", "--normalize"},
            paramLabel = "NAME",
            description = "Normalisation that the network expects: imagenet, clip, half (to"
                    + " [-1,1]) or none (default: none).")
    Optional<Normalisation> normalisation = Optional.empty();

    @Option(
            names = "--mean",
            paramLabel = "V",
            split = ",",
            description = "Mean to subtract from inputs in [0,1]: one value, or one per channel, as in"
                    + " 0.485,0.456,0.406.")
    List<Double> mean = List.of();

    @Option(names = "--std", paramLabel = "V", split = ",", description = "Standard deviation to divide the result by.")
    List<Double> standardDeviation = List.of();

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            description = "Layout of images: channels-first, channels-last or flat (default: the" + " file's).")
    Optional<Layout> layout = Optional.empty();

    @Option(
            names = "--backend",
            paramLabel = "ID",
            description =
                    "Backend that runs the model; `stir backends` lists them (default: whichever recognises the file).")
    Optional<String> backend = Optional.empty();

    @Option(
            names = "--setting",
            paramLabel = "KEY=VALUE",
            description = "Setting of that backend; `stir backends` lists them. Repeatable.")
    Map<String, String> settings = new LinkedHashMap<>();

    @Mixin
    GivenInputOptions given = new GivenInputOptions();

    /** Returns the name of an option without a suffix for one of two networks. */
    public static String withoutSuffix(String name) {
        return name.endsWith(OF_A) || name.endsWith(OF_B) ? name.substring(0, name.length() - OF_A.length()) : name;
    }

    /** Returns the names of the layers; empty if none was given. */
    public List<String> layers() {
        return layers;
    }

    /**
     * Adds these options under suffixed names.
     *
     * @param command the command that gets them
     * @param suffix the ending of their names
     * @param whose the beginning of their descriptions
     */
    public void addTo(CommandSpec command, String suffix, String whose) {
        for (OptionSpec option : CommandSpec.forAnnotatedObject(this).options()) {
            command.addOption(OptionSpec.builder(option)
                    .names(Arrays.stream(option.names())
                            .map(name -> name + suffix)
                            .toArray(String[]::new))
                    .description(whose + String.join(" ", option.description()))
                    .build());
        }
    }

    /** Returns these options, and those of both networks where these are not given. */
    public NetworkOptions over(NetworkOptions both) {
        var merged = new NetworkOptions();
        merged.layers = layers.isEmpty() ? both.layers : layers;
        merged.layerWeights = layers.isEmpty() && layerWeights.isEmpty() ? both.layerWeights : layerWeights;
        // Named values replace numbers, and numbers replace named values.
        merged.normalisation = mean.isEmpty() && standardDeviation.isEmpty()
                ? normalisation.or(() -> both.normalisation)
                : normalisation;
        merged.mean = mean.isEmpty() && normalisation.isEmpty() ? both.mean : mean;
        merged.standardDeviation =
                standardDeviation.isEmpty() && normalisation.isEmpty() ? both.standardDeviation : standardDeviation;
        merged.layout = layout.or(() -> both.layout);
        merged.backend = backend.or(() -> both.backend);
        merged.settings.putAll(both.settings);
        merged.settings.putAll(settings);
        merged.given = given.over(both.given);
        return merged;
    }

    /**
     * Returns the specification of the network in a file.
     *
     * @throws UsageException if weights do not fit the layers
     */
    public NetworkSpec spec(Path file, MachineOptions machine) {
        if (!layerWeights.isEmpty() && layerWeights.size() != layers.size()) {
            throw new UsageException("There are %d weights for %d named layers: specify one weight per layer."
                    .formatted(layerWeights.size(), layers.size()));
        }
        return new NetworkSpec(
                file,
                backend,
                searched(),
                Preprocessing.of(normalisation, mean, standardDeviation, layout),
                machine.resources(),
                settings,
                given.inputs(),
                List.of());
    }

    private List<SearchedLayer> searched() {
        var searched = new ArrayList<SearchedLayer>();
        for (int i = 0; i < layers.size(); i++) {
            searched.add(new SearchedLayer(layers.get(i), layerWeights.isEmpty() ? 1 : layerWeights.get(i)));
        }
        return searched;
    }
}
