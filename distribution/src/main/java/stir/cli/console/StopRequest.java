package stir.cli.console;

import picocli.CommandLine;

/**
 * A request to stop a command before it is done.
 *
 * @param reason the beginning of its sentence
 * @param code the exit code
 */
public record StopRequest(String reason, int code) {
    /** The user's request, by Ctrl-C or a signal. */
    public static final StopRequest INTERRUPT = new StopRequest("Interrupted", ExitCode.INTERRUPTED);

    /** The end that a plug-in or a library asks for, which call {@code System.exit}. */
    static final StopRequest EXIT = new StopRequest("A plug-in or a library called System.exit", ExitCode.FAILED);

    /** Returns the request of a time limit that was reached. */
    static StopRequest timeout(TimeLimit limit) {
        return new StopRequest("Stopped after %s (%s)".formatted(limit, TimeLimit.OPTION), ExitCode.FAILED);
    }

    /** Returns the request of a pass that takes too long. */
    static StopRequest pass(PassLimit limit) {
        return new StopRequest(
                "Stopped: a pass through the network took longer than %s (change the limit with %s)"
                        .formatted(limit, TimeLimit.OPTION),
                ExitCode.FAILED);
    }

    /** Returns the same request for a command that did not end in time. */
    StopRequest duringStep() {
        return new StopRequest(reason + " during a step that did not end", code);
    }

    /** Returns the sentence for the user, which states whether results are kept. */
    public String sentence(CommandLine command) {
        return command.getCommand() instanceof Resumable resumable
                ? resumable
                        .kept()
                        .map(folder -> "%s: the results so far are kept in %s; run the same command again to continue."
                                .formatted(reason, folder))
                        .orElseGet(this::nothing)
                : nothing();
    }

    private String nothing() {
        return reason + ": nothing was saved.";
    }
}
