package stir.cli.console;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import stir.api.UsageException;
import stir.cli.report.ProgressDisplay;
import stir.core.LoadOptions;
import stir.core.Stir;

/**
 * The environment of a command.
 *
 * @param home the folder that Stir was unpacked into; empty if it runs from elsewhere
 * @param terminal whether standard error is a terminal
 * @param showsColours whether standard output is a terminal that shows colours
 * @param columns the number of characters in a line of the terminal
 * @param isStructured whether messages are JSON objects, for a program that runs Stir
 */
public record Console(Optional<Path> home, boolean terminal, boolean showsColours, int columns, boolean isStructured) {
    /** The number of columns if the terminal states none. */
    public static final int USUAL_COLUMNS = 100;

    /** Whether results are coloured. */
    public enum Colour {
        /** On a terminal, unless NO_COLOR is set. */
        auto,
        always,
        never
    }

    /** Returns whether the results of a command are coloured. */
    public boolean isColoured(CommandLine command) {
        return switch (options(command).colour()) {
            case auto -> showsColours;
            case always -> true;
            case never -> false;
        };
    }

    /** Returns the environment of a parsed command of {@code stir}. */
    public static Console of(CommandLine command) {
        return options(command).console();
    }

    private static Messages.CommonOptions options(CommandLine command) {
        return (Messages.CommonOptions) command.getCommandSpec().root().userObject();
    }

    /**
     * Loads measures and plug-ins, those in the folders of {@code --plugins} included, and backends
     * when they are first asked for. Extensions that can't be loaded are reported.
     */
    public Stir load(CommandLine command) {
        var messages = Messages.of(command);
        var options =
                LoadOptions.DEFAULT.withPlugins(options(command).plugins()).withWarnings(messages::warn);
        var stir = Stir.load(home.map(options::withHome).orElse(options));
        messages.step(stir.measures().size() + " measures");
        return stir;
    }

    /**
     * Returns a display of the progress: one line on a terminal, lines with the time in a log.
     *
     * @param whole the word for the whole of the command's work
     */
    public ProgressDisplay progress(Messages messages, String whole) {
        boolean draws = terminal && !messages.quiet() && !isStructured;
        return ProgressDisplay.start(messages, draws ? columns : 0, whole);
    }

    /**
     * Returns a file of the demo.
     *
     * @throws UsageException if there is no demo
     */
    public Path demo(String name) {
        return home.map(folder -> folder.resolve("demo").resolve(name))
                .filter(Files::exists)
                .orElseThrow(() -> new UsageException(
                        "The demo's file %s is missing: run `stir` from the unpacked archive.".formatted(name)));
    }
}
