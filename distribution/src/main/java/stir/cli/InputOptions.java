package stir.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import stir.core.inputs.Inputs;

import java.nio.file.Path;

/** The inputs that networks are measured on. */
final class InputOptions {
    @Option(
            names = "--inputs",
            paramLabel = "DIR|FILE",
            required = true,
            description =
                    "The inputs, values in [0,1]: a folder of images (PNG, JPEG, TIFF, BMP;"
                            + " subfolders are classes), an array (NPY or NPZ), MNIST's IDX or CIFAR's"
                            + " binary files.")
    Path path = Path.of("");

    @Mixin ReadingOptions reading = new ReadingOptions();

    /**
     * Opens the inputs.
     *
     * @throws stir.api.StirException as {@link ReadingOptions#open}
     */
    Inputs open() {
        return reading.open(path);
    }
}
