package stir.cli.option;

import java.util.Optional;
import picocli.CommandLine.Option;
import stir.cli.console.TimeLimit;

/** The time limit of a command. */
public final class TimeOption {
    @Option(
            names = TimeLimit.OPTION,
            paramLabel = "TIME",
            description = "Stop after this time (45s, 20m, 1h30m) as after Ctrl-C, with exit code 1;"
                    + " for jobs with a time limit, or networks that may hang (default: never).")
    Optional<TimeLimit> limit = Optional.empty();
}
