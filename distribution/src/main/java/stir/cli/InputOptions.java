package stir.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;

import java.nio.file.Path;
import java.util.Optional;

/** The inputs that networks are measured on. */
final class InputOptions {
    @Option(
            names = "--inputs",
            paramLabel = "DIR|FILE",
            required = true,
            description =
                    "The inputs, values in [0,1]: a folder of images (PNG, JPEG, TIFF, BMP; subfolders are classes), an array (.npy, .npz), MNIST's IDX or CIFAR's .bin files.")
    Path path = Path.of("");

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Takes the first N inputs only (default: all).")
    Optional<Integer> limit = Optional.empty();

    @Mixin FramingOptions framing = new FramingOptions();

    /**
     * Opens the inputs.
     *
     * @throws stir.api.StirException as {@link InputsSpec#open} and {@link Inputs#limit}
     */
    Inputs open() {
        var inputs = framing.over(InputsSpec.of(path)).open();
        return limit.isPresent() ? inputs.limit(limit.get()) : inputs;
    }
}
