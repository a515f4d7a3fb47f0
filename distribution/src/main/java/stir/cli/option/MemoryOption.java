package stir.cli.option;

import java.util.Optional;
import picocli.CommandLine.Option;
import stir.core.runtime.machine.MemoryLimit;
import stir.core.score.ScoreSettings;

/** The limit of the memory of a comparison. */
public final class MemoryOption {
    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory limit of a comparison, such as 500m or 2g (default: 1g). Larger"
                    + " comparisons are computed from blocks of rows, without an interval, so"
                    + " results depend on the limit; measures that need all rows at once are"
                    + " undefined.")
    private Optional<String> memory = Optional.empty();

    /**
     * Returns the limit in bytes; empty if none was given.
     *
     * @throws stir.api.UsageException if the text is not an amount of memory
     */
    public Optional<Long> given() {
        return memory.map(MemoryLimit::parse);
    }

    /**
     * Returns the limit in bytes.
     *
     * @throws stir.api.UsageException if the text is not an amount of memory
     */
    public long bytes() {
        return given().orElse(ScoreSettings.DEFAULT_MEMORY);
    }
}
