package stir.cli.option;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import stir.core.study.RunOptions;

/** The treatment of results that a folder already holds, and of networks without fixed results. */
public final class ReuseOptions {
    /** The description of {@code --allow-inconsistent}. */
    public static final String INCONSISTENT =
            "Run networks that are not functions of their input (random, changed by their own"
                    + " passes, or dependent on the batch); results report it.";

    @Option(
            names = "--force",
            description =
                    "Save into a folder that is not empty; replace files with the same names, and results of other settings.")
    boolean force;

    @Option(names = "--allow-inconsistent", description = INCONSISTENT)
    boolean inconsistent;

    /** Returns the options of a command's run. */
    public RunOptions options(CommandLine command) {
        return RunOptions.DEFAULT
                .repeatedBy(RepeatedCommand.of(command).line())
                .replacing(force)
                .allowingInconsistent(inconsistent);
    }
}
