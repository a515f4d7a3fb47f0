package stir.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

import stir.api.Layout;
import stir.core.NetworkSpec;
import stir.core.Preprocessing;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How one network is opened. A command with two of them has each option twice, with a suffix. */
final class NetworkOptions {
    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description =
                    "The layer to measure; `stir layers` lists them (default: the last one before the classifier).")
    Optional<String> layer = Optional.empty();

    @Option(
            names = "--mean",
            paramLabel = "V",
            split = ",",
            description =
                    "The mean that is subtracted from inputs in [0,1]: one value, or one a channel, as in 0.485,0.456,0.406.")
    List<Double> mean = List.of();

    @Option(
            names = "--std",
            paramLabel = "V",
            split = ",",
            description = "The standard deviation that inputs are divided by then.")
    List<Double> standardDeviation = List.of();

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            description =
                    "How images are laid out: channels-first, channels-last or flat (default: what the file tells).")
    Optional<Layout> layout = Optional.empty();

    @Option(
            names = "--backend",
            paramLabel = "ID",
            description =
                    "What runs the model; `stir backends` lists them (default: the one that recognises the file).")
    Optional<String> backend = Optional.empty();

    @Option(
            names = "--setting",
            paramLabel = "KEY=VALUE",
            description =
                    "What only that backend understands; `stir backends` lists it. Repeatable.")
    Map<String, String> settings = new LinkedHashMap<>();

    /**
     * Adds these options under names of their own.
     *
     * @param command the command that gets them
     * @param suffix what their names end in
     * @param whose what their explanation begins with
     */
    void addTo(CommandSpec command, String suffix, String whose) {
        for (OptionSpec option : CommandSpec.forAnnotatedObject(this).options()) {
            command.addOption(
                    OptionSpec.builder(option)
                            .names(option.longestName() + suffix)
                            .description(whose + String.join(" ", option.description()))
                            .build());
        }
    }

    /** The network in a file, opened so. */
    NetworkSpec spec(Path file, MachineOptions machine) {
        return new NetworkSpec(
                file,
                backend,
                layer,
                new Preprocessing(mean, standardDeviation, layout),
                machine.device,
                machine.threads(),
                settings);
    }

    /** What a layout is called on the command line. */
    static String name(Layout layout) {
        return layout.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
