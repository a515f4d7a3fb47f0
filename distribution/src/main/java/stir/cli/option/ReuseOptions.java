package stir.cli.option;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import stir.core.study.RunOptions;

/** What becomes of results that a folder holds already. */
public final class ReuseOptions {
    @Option(
            names = "--force",
            description =
                    "Saves also into a folder that is not empty; files of the same names are replaced, and so are results with other settings.")
    boolean force;

    @Option(
            names = "--allow-mixed-machines",
            description =
                    "Goes on with results of another kind of machine (processor, library versions), whose last digits differ.")
    boolean mixed;

    /** How a command's work is run. */
    public RunOptions options(CommandLine command) {
        return RunOptions.DEFAULT
                .repeatedBy(RepeatedCommand.of(command))
                .replacing(force)
                .mixingMachines(mixed);
    }
}
