package stir.cli.console;

import picocli.CommandLine;

import java.io.PrintWriter;

/**
 * What a command says on standard error beside its results, as much as the user wants to hear.
 *
 * @param err where it is said
 * @param quiet whether errors alone are said
 * @param verbose whether steps are told too
 */
public record Messages(PrintWriter err, boolean quiet, boolean verbose) {
    /** The messages of a command that was parsed. */
    public static Messages of(CommandLine command) {
        var asked = (Verbosity) command.getCommandSpec().root().userObject();
        return new Messages(command.getErr(), asked.quiet(), asked.verbose() && !asked.quiet());
    }

    /** The amount of messages that the user asked for, held by the root of the commands. */
    public interface Verbosity {
        /** Returns whether only errors are printed. */
        boolean quiet();

        /** Returns whether steps are printed too. */
        boolean verbose();
    }

    /** Says what did not go as it should, although the work goes on. */
    public void warn(String text) {
        if (!quiet) {
            print("warning: " + text);
        }
    }

    /** Says what the user should know of how the work is done. */
    public void note(String text) {
        if (!quiet) {
            print("note: " + text);
        }
    }

    /** Says how far work has come. */
    void progress(String text) {
        if (!quiet) {
            print(text);
        }
    }

    /** Tells a step, to those who want to know. */
    public void detail(String text) {
        if (verbose) {
            print(text);
        }
    }

    /** Says something, whoever wants to hear it. */
    public void print(String text) {
        err.println("stir: " + text);
        err.flush();
    }
}
