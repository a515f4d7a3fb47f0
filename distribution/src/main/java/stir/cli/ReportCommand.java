package stir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import stir.api.BackendException;
import stir.cli.page.StudyPage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code stir report}: a study as a page. */
@Command(
        name = "report",
        description = {
            "Writes a study as one HTML file that needs nothing else, no network either.",
            "",
            "It has a table of all scores with intervals, floor and ceiling; heat maps of networks and"
                    + " layers in both directions; residuals; a gallery of inputs, seeds and invariant"
                    + " inputs with what each target saw; settings, hashes, and the command to repeat"
                    + " it. Each figure can be saved as SVG and read as a table. The same study gives"
                    + " the same file; a study that is not complete is shown as far as it is."
        },
        footer = {
            "",
            "Examples:",
            "  stir matrix study.yaml --out study",
            "  stir report study                      writes study/report.html",
            "  stir report study --out page.html --gallery 50"
        })
final class ReportCommand implements Callable<Integer> {
    private final Session session;

    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "RUN_DIR",
            description = "The study's folder, which `stir matrix` has written.")
    Path folder = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the page is written (default: RUN_DIR/report.html).")
    Optional<Path> out = Optional.empty();

    @Option(
            names = "--gallery",
            paramLabel = "N",
            defaultValue = "12",
            description =
                    "The most inputs that are shown of each reference layer (default: ${DEFAULT-VALUE}). Of large images, or many layers, fewer are shown, so that all pictures take about 4 MB at most.")
    int gallery;

    ReportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        if (gallery < 1) {
            throw new ParameterException(command, "--gallery must be at least 1.");
        }
        var measures = session.load(Messages.of(command)).extensions().measures();
        var page = StudyPage.read(folder, measures, gallery);
        var file = out.orElseGet(() -> folder.resolve("report.html"));
        write(file, page.html());
        command.getOut()
                .printf(
                        "%s: %d of %d scores, %d KB%n",
                        file, page.scores(), page.planned(), page.html().length() >> 10);
        command.getOut().flush();
        return ExitCode.DONE;
    }

    /** Replaces the file at once, so that nobody finds half of it. */
    private static void write(Path file, String text) {
        try {
            var folder = file.toAbsolutePath().getParent();
            var unfinished = Files.createTempFile(folder, ".stir-unfinished-", ".html");
            try {
                Files.writeString(unfinished, text);
                Files.setPosixFilePermissions(
                        unfinished, PosixFilePermissions.fromString("rw-r--r--"));
                Files.move(
                        unfinished,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new BackendException(
                    "%s could not be written (%s): name another file with --out."
                            .formatted(file, e),
                    e);
        }
    }
}
