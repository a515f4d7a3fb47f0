package stir.cli;

import stir.api.UsageException;
import stir.cli.report.ProgressBar;
import stir.core.Stir;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What surrounds a command.
 *
 * @param home the folder that Stir was unpacked into; empty if it runs from elsewhere
 * @param terminal whether standard error is a terminal
 */
record Session(Optional<Path> home, boolean terminal) {
    /**
     * Loads backends, measures and plug-ins.
     *
     * @param messages tell what could not be used
     */
    Stir load(Messages messages) {
        var stir = home.map(Stir::load).orElseGet(Stir::load);
        var extensions = stir.extensions();
        extensions.problems().forEach(messages::warn);
        messages.tell(
                "%d measures, backends %s"
                        .formatted(
                                extensions.measures().size(),
                                String.join(", ", extensions.backends().keySet())));
        return stir;
    }

    /** Shows how far work has come, if there is a terminal to show it on. */
    ProgressBar progress(Messages messages) {
        return new ProgressBar(
                terminal && !messages.quiet()
                        ? messages.err()
                        : new PrintWriter(Writer.nullWriter()),
                messages::note,
                System::nanoTime);
    }

    /**
     * A file of the demo.
     *
     * @throws UsageException if there is no demo
     */
    Path demo(String name) {
        return home.map(folder -> folder.resolve("demo").resolve(name))
                .filter(Files::exists)
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "The demo's %s is not there: run `stir` from the unpacked archive."
                                                .formatted(name)));
    }
}
