package stir.cli.option;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import stir.cli.console.Messages;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;

/** The inputs that networks are measured on. */
public final class InputOptions {
    @Option(
            names = "--inputs",
            paramLabel = "DIR|FILE",
            required = true,
            description = "Inputs with values in [0,1], or of --range: a folder of images (PNG, JPEG,"
                    + " TIFF, BMP; subfolders are classes), sounds (WAV), an array (NPY or"
                    + " NPZ), MNIST's IDX or CIFAR's binary files.")
    private Path path = Path.of("");

    @Mixin
    ReadingOptions reading = new ReadingOptions();

    /** Returns the file or folder that holds the inputs. */
    public Path path() {
        return path;
    }

    /**
     * Returns the kind of the inputs, by their files.
     *
     * @throws stir.api.StirException like {@link InputsSpec#kind}
     */
    public InputsSpec.Kind kind() {
        return InputsSpec.of(path).kind();
    }

    /**
     * Opens the inputs, with a note if there are fewer than the limit.
     *
     * @throws stir.api.StirException like {@link ReadingOptions#open}
     */
    public Inputs open(Messages messages) {
        var inputs = reading.open(path);
        reading.limit
                .filter(limit -> limit > inputs.count())
                .ifPresent(limit -> messages.note(
                        "%s has %d inputs, fewer than --limit %d.".formatted(path, inputs.count(), limit)));
        return inputs;
    }
}
