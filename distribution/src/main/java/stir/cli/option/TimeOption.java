package stir.cli.option;

import picocli.CommandLine.Option;

import stir.cli.console.TimeLimit;

import java.util.Optional;

/** When a command is to stop, whether it is done or not. */
public final class TimeOption {
    @Option(
            names = TimeLimit.OPTION,
            paramLabel = "TIME",
            description =
                    "Stops after this time (45s, 20m, 1h30m) as Ctrl-C does, with exit code 1: for networks that may not come back, and for jobs that are cut off (default: never).")
    Optional<TimeLimit> limit = Optional.empty();
}
