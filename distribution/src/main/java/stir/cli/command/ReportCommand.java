package stir.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.api.BackendException;
import stir.api.UsageException;
import stir.cli.console.ExitCode;
import stir.cli.option.VocabularyOptions;
import stir.cli.report.OutputFolder;
import stir.report.PageRequest;
import stir.report.StudyPage;

/** {@code stir report}: a study as an HTML page. */
@Command(
        name = "report",
        description = {
            "Writes a study, or a single score, as one self-contained HTML file.",
            "",
            "The page begins with the findings as text, and a heat map of target by reference. A"
                    + " click on a cell shows the pair. All scores with filters, differences, methods,"
                    + " citation, settings and hashes follow. Each figure can be saved as SVG, PNG or CSV."
                    + " For an incomplete study, the page shows the available results."
        },
        footer = {
            "",
            "Examples:",
            "  stir matrix study.yaml --out study",
            "  stir report study                      writes study/report.html",
            "  stir report study --out page.html --gallery 50",
            "  stir report study --against earlier    shows the changes"
        })
final class ReportCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "RUN_DIR",
            description = "Folder of a study or a score, written by `stir matrix` or `stir score --out`.")
    Path folder = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", description = "File of the page (default: RUN_DIR/report.html).")
    Optional<Path> out = Optional.empty();

    @Option(
            names = "--against",
            paramLabel = "DIR",
            description =
                    "Another study to compare with. Scores are matched by the names of networks, layers and measures; at least one must match.")
    Optional<Path> against = Optional.empty();

    @Option(
            names = "--gallery",
            paramLabel = "N",
            defaultValue = "" + PageRequest.GALLERY,
            description = "Maximum number of inputs shown per reference layer (default:"
                    + " ${DEFAULT-VALUE}). With large images or many layers, fewer are shown, to"
                    + " keep all pictures within about 4 MB.")
    int gallery;

    @Mixin
    VocabularyOptions vocabulary = new VocabularyOptions();

    @Override
    public Integer call() {
        var command = spec.commandLine();
        for (var each : against.map(other -> List.of(folder, other)).orElse(List.of(folder))) {
            if (Files.isRegularFile(each)) {
                throw new UsageException("%s is a file: specify the folder of a study or a score.".formatted(each));
            }
        }
        var page = StudyPage.read(new PageRequest(folder, against, gallery, vocabulary.read()));
        var file = out.orElseGet(() -> folder.resolve("report.html"));
        write(file, page.html());
        command.getOut()
                .printf(
                        "%s: %d of %d %s, %d KB%n",
                        file,
                        page.shown(),
                        page.planned(),
                        page.noun(),
                        page.html().length() >> 10);
        command.getOut().flush();
        return ExitCode.DONE;
    }

    /** Writes the page into an existing folder. */
    private static void write(Path file, String text) {
        var folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new BackendException(
                    "%s could not be written (there is no such folder): choose another file with --out."
                            .formatted(file));
        }
        OutputFolder.writeText(file, text);
    }
}
