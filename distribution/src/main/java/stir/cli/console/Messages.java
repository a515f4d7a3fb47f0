package stir.cli.console;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine;
import stir.api.Caution;
import stir.cli.report.JsonDocument;
import stir.cli.report.Message;
import stir.cli.report.Paragraph;
import stir.cli.report.ProgressDisplay;
import stir.cli.report.ProgressLine;
import stir.core.score.CautionText;

/**
 * Diagnostic output of a command, filtered by {@code --quiet} and {@code --verbose}.
 *
 * @param err standard error
 * @param quiet whether only errors are printed
 * @param verbose whether steps are printed too
 * @param isStructured whether each message is a JSON object on a line of its own
 * @param columns the number of characters of a line; 0 for messages of one line each
 */
public record Messages(PrintWriter err, boolean quiet, boolean verbose, boolean isStructured, int columns)
        implements ProgressDisplay.Output {
    /** Returns the messages of a parsed command. */
    public static Messages of(CommandLine command) {
        var err = command.getErr();
        return command.getCommandSpec().root().userObject() instanceof CommonOptions asked
                ? new Messages(
                        err,
                        asked.quiet(),
                        asked.verbose() && !asked.quiet(),
                        asked.console().isStructured(),
                        asked.console().terminal() ? asked.console().columns() : 0)
                : new Messages(err, false, false, false, 0);
    }

    /** The options that all commands have, held by the root of the commands. */
    public interface CommonOptions {
        /** Returns the further folders of plug-ins. */
        List<Path> plugins();

        /** Returns whether only errors are printed. */
        boolean quiet();

        /** Returns whether steps are printed too. */
        boolean verbose();

        /** Returns whether results are coloured. */
        Console.Colour colour();

        /** Returns the environment of the command. */
        Console console();
    }

    /** Warns of a problem that does not stop the work. */
    @Override
    public void warn(String text) {
        if (!quiet) {
            print(Message.Kind.warning, text);
        }
    }

    /** Prints a warning per caution, unless quiet. */
    public void warn(List<Caution> cautions) {
        cautions.stream().map(CautionText::of).forEach(this::warn);
    }

    @Override
    public void note(String text) {
        if (!quiet) {
            print(Message.Kind.note, text);
        }
    }

    @Override
    public void draw(String text) {
        err.print(text);
        err.flush();
    }

    /** Erases the line of a display that another thread may have drawn. */
    void eraseDrawn() {
        if (columns > 0 && !isStructured) {
            draw(ProgressDisplay.ERASE_LINE);
        }
    }

    @Override
    public void line(String text) {
        if (!quiet) {
            print(Message.Kind.progress, text);
        }
    }

    @Override
    public void progress(ProgressLine line) {
        if (!quiet) {
            print(new Message(Message.Kind.progress, line.text(), OptionalInt.empty(), Optional.of(line)));
        }
    }

    @Override
    public void step(String text) {
        if (verbose) {
            print(Message.Kind.step, text);
        }
    }

    /** Prints a remark on results. */
    public void remark(String text) {
        if (!quiet) {
            print(Message.Kind.remark, text);
        }
    }

    /**
     * Prints the sentence of a failure even if the output is quiet.
     *
     * @param exitCode the exit code of the process
     */
    public void error(String text, int exitCode) {
        print(new Message(Message.Kind.error, text, OptionalInt.of(exitCode), Optional.empty()));
    }

    private void print(Message.Kind kind, String text) {
        print(new Message(kind, text, OptionalInt.empty(), Optional.empty()));
    }

    private void print(Message message) {
        if (isStructured) {
            err.print(new JsonDocument(message, true).toJson());
        } else {
            var line = message.text().replaceAll("\\s*\\R\\s*", " "); // names may have several
            var text = message.kind().start() + line;
            err.print(Paragraph.hanging("stir: ", text, columns > 0 ? columns : Integer.MAX_VALUE));
        }
        err.flush();
    }
}
