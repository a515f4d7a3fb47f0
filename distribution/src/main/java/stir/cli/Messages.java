package stir.cli;

import picocli.CommandLine;

import java.io.PrintWriter;

/**
 * What a command says on standard error beside its results, as much as the user wants to hear.
 *
 * @param err where it is said
 * @param quiet whether errors alone are said
 * @param verbose whether steps are told too
 */
record Messages(PrintWriter err, boolean quiet, boolean verbose) {
    /** The messages of a command that was parsed. */
    static Messages of(CommandLine command) {
        var root = (StirCommand) command.getCommandSpec().root().userObject();
        return new Messages(command.getErr(), root.quiet, root.verbose && !root.quiet);
    }

    /** Says what did not go as it should, although the work goes on. */
    void warn(String text) {
        if (!quiet) {
            say("warning: " + text);
        }
    }

    /** Says what the user should know of how the work is done. */
    void note(String text) {
        if (!quiet) {
            say("note: " + text);
        }
    }

    /** Says how far work has come. */
    void progress(String text) {
        if (!quiet) {
            say(text);
        }
    }

    /** Tells a step, to those who want to know. */
    void tell(String text) {
        if (verbose) {
            say(text);
        }
    }

    /** Says something, whoever wants to hear it. */
    void say(String text) {
        err.println("stir: " + text);
        err.flush();
    }
}
