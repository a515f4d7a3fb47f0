package stir.cli.option;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the comparison of representations. */
public final class ComparisonOptions {
    @Mixin
    private MemoryOption memory = new MemoryOption();

    @Option(
            names = "--keep-representations",
            description = "Keep the representations too, as .npy files in representations/, which need much space.")
    private boolean keep;

    /** Returns whether representations are kept. */
    public boolean keepsRepresentations() {
        return keep;
    }

    /** Returns the limit of the memory. */
    public MemoryOption memory() {
        return memory;
    }
}
