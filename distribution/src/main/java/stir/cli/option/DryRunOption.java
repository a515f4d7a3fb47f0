package stir.cli.option;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import stir.cli.console.ExitCode;
import stir.cli.report.PlanReport;
import stir.core.study.CheckedExperiment;

/** The option that estimates the work of a command in place of doing it. */
public final class DryRunOption {
    @Option(
            names = "--dry-run",
            description = "Check everything, list the work, and estimate time, memory and"
                    + " disk space with a few"
                    + " passes. Store nothing.")
    boolean given;

    /** Returns whether the work is only estimated. */
    public boolean isGiven() {
        return given;
    }

    /**
     * Prints the work and its estimated cost.
     *
     * @param checked the work, free of problems
     * @return the exit code
     */
    public int report(CheckedExperiment checked, FormatOption format, CommandLine command) {
        var cost = checked.cost(System::nanoTime);
        format.print(new PlanReport(checked.plan(), checked.isScored(), cost), command);
        return ExitCode.DONE;
    }
}
