package stir.cli.option;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import stir.cli.report.OutputFolder;
import stir.core.study.RunOptions;
import stir.core.study.Study;

import java.nio.file.Path;
import java.util.Optional;

/** Where results are saved. */
public final class OutputOptions {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Saves the invariant inputs (.npy), result.json, a picture and, of a score, inputs.csv in this folder, which must be new or empty. What is found is kept in it as the search goes: stopped or killed, the same command goes on where it was, with the same results in the end, and other measures use the searches that are there. Other settings of the search need another folder.")
    private Optional<Path> folder = Optional.empty();

    @Mixin private ReuseOptions reuse = new ReuseOptions();

    /** Returns the folder; empty if none was given. */
    public Optional<Path> folder() {
        return folder;
    }

    /** Returns how a command's work is run. */
    public RunOptions options(CommandLine command) {
        return reuse.options(command);
    }

    /**
     * Makes sure, before the work begins, that results can be saved.
     *
     * @throws stir.api.UsageException if they can't
     */
    public Optional<OutputFolder> claim() {
        return folder.map(path -> OutputFolder.claim(path, reuse.force, ""));
    }

    /** The folder, if work that is kept in it has begun. */
    public Optional<Path> kept() {
        return folder.filter(Study::isBegun);
    }
}
