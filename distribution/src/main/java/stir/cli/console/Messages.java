package stir.cli.console;

import picocli.CommandLine;

import stir.cli.report.ProgressDisplay;

import java.io.PrintWriter;

/**
 * Diagnostic output of a command, filtered by {@code --quiet} and {@code --verbose}.
 *
 * @param err standard error
 * @param quiet whether only errors are printed
 * @param verbose whether steps are printed too
 */
public record Messages(PrintWriter err, boolean quiet, boolean verbose)
        implements ProgressDisplay.Output {
    /** Returns the messages of a parsed command. */
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

    /** Warns of a problem that does not stop the work. */
    public void warn(String text) {
        if (!quiet) {
            print("warning: " + text);
        }
    }

    @Override
    public void note(String text) {
        if (!quiet) {
            print("note: " + text);
        }
    }

    @Override
    public void draw(String text) {
        err.print(text);
        err.flush();
    }

    @Override
    public void line(String text) {
        if (!quiet) {
            print(text);
        }
    }

    @Override
    public void step(String line) {
        detail(line);
    }

    /** Prints a step if the output is verbose. */
    public void detail(String text) {
        if (verbose) {
            print(text);
        }
    }

    /** Prints a line even if only errors were asked for. */
    public void print(String text) {
        err.println("stir: " + text);
        err.flush();
    }
}
