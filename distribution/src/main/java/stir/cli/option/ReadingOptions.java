package stir.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;

/** The number, array and size of the inputs. */
public final class ReadingOptions {
    @Option(names = "--limit", paramLabel = "N", description = "Use only the first N inputs (default: all).")
    Optional<Integer> limit = Optional.empty();

    @Mixin
    FramingOptions framing = new FramingOptions();

    /** Returns whether any of these options is given. */
    public boolean isAsked() {
        return limit.isPresent() || framing.isAsked();
    }

    /**
     * Opens inputs.
     *
     * @throws stir.api.StirException like {@link InputsSpec#open} and {@link Inputs#limit}
     */
    public Inputs open(Path path) {
        var inputs = framing.over(InputsSpec.of(path)).open();
        return limit.isPresent() ? inputs.limit(limit.get()) : inputs;
    }
}
