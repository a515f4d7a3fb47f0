package stir.cli.option;

import picocli.CommandLine.Option;

import stir.core.score.MemoryLimit;

import java.util.Optional;

/** How representations are compared, and whether they are kept. */
public final class ComparisonOptions {
    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "How much memory a comparison may take, like 500m or 2g (default: 1g). More than that is computed from a part of the rows at a time, without an interval, so that results depend on it.")
    private Optional<String> memory = Optional.empty();

    @Option(
            names = "--keep-representations",
            description =
                    "Keeps the representations too, as .npy in representations/, which take much room.")
    private boolean keep;

    /** Returns whether representations are kept. */
    public boolean keepsRepresentations() {
        return keep;
    }

    /**
     * The limit of memory in bytes; empty if none was asked for.
     *
     * @throws stir.api.UsageException if it is no amount of memory
     */
    public Optional<Long> memory() {
        return memory.map(MemoryLimit::parse);
    }
}
