package stir.cli;

import picocli.CommandLine.Option;

import java.util.Optional;

/** When a command is to stop, whether it is done or not. */
final class TimeOption {
    static final String NAME = "--timeout";

    @Option(
            names = NAME,
            paramLabel = "TIME",
            description =
                    "Stops after this time (45s, 20m, 1h30m) as Ctrl-C does, with exit code 1: for networks that may not come back, and for jobs that are cut off (default: never).")
    Optional<TimeLimit> limit = Optional.empty();
}
