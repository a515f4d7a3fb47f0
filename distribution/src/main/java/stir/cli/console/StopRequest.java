package stir.cli.console;

import picocli.CommandLine;

/**
 * What asked a command to stop before it was done.
 *
 * @param reason how its sentence begins
 * @param code the exit code
 */
public record StopRequest(String reason, int code) {
    /** The user's, with Ctrl-C or a signal. */
    public static final StopRequest INTERRUPT =
            new StopRequest("Interrupted", ExitCode.INTERRUPTED);

    /** That of the time which {@code --timeout} allows. */
    static StopRequest timeout(TimeLimit limit) {
        return new StopRequest(
                "Stopped after %s (%s)".formatted(limit, TimeLimit.OPTION), ExitCode.FAILED);
    }

    /** The same, of a command that could not be waited for. */
    StopRequest inTheMiddle() {
        return new StopRequest(reason + " in the middle of a step that does not come back", code);
    }

    /** What the user reads at the end: whether anything is kept. */
    public String sentence(CommandLine command) {
        return command.getCommand() instanceof Resumable resumable
                ? resumable
                        .kept()
                        .map(
                                folder ->
                                        "%s: what was found is kept in %s; run the same command again to go on."
                                                .formatted(reason, folder))
                        .orElseGet(this::nothing)
                : nothing();
    }

    private String nothing() {
        return reason + ": nothing was saved.";
    }
}
