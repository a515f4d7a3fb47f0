package stir.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import stir.cli.report.OutputFolder;
import stir.core.study.RunOptions;
import stir.core.study.Study;

/** The folder of results. */
public final class OutputOptions {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Save the invariant inputs (.npy), result.json, a picture and, for a score,"
                    + " inputs.csv in this folder, which must be new or empty. Results are saved"
                    + " during the search: after an interruption, the same command continues with"
                    + " identical final results, and other measures reuse the stored searches."
                    + " Other search settings need another folder.")
    private Optional<Path> folder = Optional.empty();

    @Mixin
    private ReuseOptions reuse = new ReuseOptions();

    /** Returns the folder; empty if none was given. */
    public Optional<Path> folder() {
        return folder;
    }

    /** Returns the options of a command's run. */
    public RunOptions options(CommandLine command) {
        return reuse.options(command);
    }

    /**
     * Claims the folder before the work begins.
     *
     * @throws stir.api.UsageException if results can't be saved in it
     */
    public Optional<OutputFolder> claim() {
        return folder.map(path -> OutputFolder.claim(path, reuse.force, ""));
    }

    /** Returns the folder if it already holds work. */
    public Optional<Path> kept() {
        return folder.filter(Study::isBegun);
    }
}
