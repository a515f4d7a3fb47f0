package stir.cli.option;

import picocli.CommandLine.Option;

import stir.core.score.MemoryLimit;

import java.util.Optional;

/** The options of the comparison of representations. */
public final class ComparisonOptions {
    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "Memory limit of a comparison, like 500m or 2g (default: 1g)."
                            + " Larger comparisons are computed from a part of the rows at a time,"
                            + " without an interval, so that results depend on the limit.")
    private Optional<String> memory = Optional.empty();

    @Option(
            names = "--keep-representations",
            description =
                    "Keep the representations too, as .npy files in representations/,"
                            + " which take much space.")
    private boolean keep;

    /** Returns whether representations are kept. */
    public boolean keepsRepresentations() {
        return keep;
    }

    /**
     * Returns the memory limit in bytes; empty if none was given.
     *
     * @throws stir.api.UsageException if the text is not an amount of memory
     */
    public Optional<Long> memory() {
        return memory.map(MemoryLimit::parse);
    }
}
