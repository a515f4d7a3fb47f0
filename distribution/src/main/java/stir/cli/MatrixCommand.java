package stir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import stir.cli.report.PlanReport;
import stir.cli.report.ProgressBar;
import stir.cli.report.StudyReport;
import stir.core.progress.Progress;
import stir.core.study.CheckedExperiment;
import stir.core.study.ExperimentFile;
import stir.core.study.Study;
import stir.core.study.StudyCost;
import stir.core.study.StudyListener;
import stir.core.study.StudyResults;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/** {@code stir matrix}: many models and layers in one run that can be resumed. */
@Command(
        name = "matrix",
        description = {
            "Compares many models and layers, as an experiment's file says.",
            "",
            "Each layer that is a reference is inverted once for each search and repeat, and its"
                    + " invariant inputs serve all targets. Everything is stored as soon as it is"
                    + " there: run the same command again after an interruption, and it goes on."
                    + " Add models, layers, measures or repeats to the file, and only what is new is"
                    + " computed. A changed setting or file that would make what is stored wrong is"
                    + " refused.",
            "",
            "The folder holds study.json (settings, hashes, versions), results.csv (a row a value),"
                    + " scores/ and similarities/ (a document a pair), inputs.npy, and in"
                    + " inversions/, seeds/ and representations/ the arrays as .npy; each run has a"
                    + " log in logs/."
        },
        footer = {
            "",
            "An experiment's file, in YAML; paths are relative to it, and all but models and inputs may"
                    + " be left out:",
            "",
            "  models:",
            "    - name: plain                  # what results call it",
            "      file: plain.pt",
            "      layers: [layer2, \"layer3.*\"]  # names or patterns; default: before the classifier",
            "    - name: robust",
            "      file: robust.onnx",
            "      layers: [flatten]",
            "      mean: [0.485, 0.456, 0.406]  # also: std, layout, backend, device, settings",
            "      std: [0.229, 0.224, 0.225]",
            "  inputs: {path: digits, limit: 200}",
            "  measures: [linear-cka, rbf-cka]",
            "  search:                          # the options of `stir score` (preset too), or a list of",
            "    optimizer: fast                # such sections, each with a name",
            "    iterations: 100",
            "    seed: super-noise",
            "    rng-seed: 0",
            "  repeats: 1                       # with the keys rng-seed, rng-seed + 1 and so on",
            "  reduce: flatten",
            "  pairs: all                       # or a list: {reference: plain, target: \"r*\"}, also",
            "                                   # with reference-layer and target-layer",
            "",
            "Examples:",
            "  stir matrix study.yaml --dry-run       checks the file, lists the work, estimates its cost",
            "  stir matrix study.yaml --out study     runs it, or goes on with it"
        })
final class MatrixCommand implements Callable<Integer> {
    private final Session session;

    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "EXPERIMENT.yaml", description = "The experiment's file.")
    Path file = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where the study is stored, or goes on (default: the file's name without its ending, beside where you are).")
    Optional<Path> folder = Optional.empty();

    @Option(
            names = "--dry-run",
            description =
                    "Checks everything, lists the work, and estimates time, memory and disk with a few passes. Stores nothing.")
    boolean dryRun;

    @Mixin FormatOption format = new FormatOption();

    MatrixCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        var err = command.getErr();
        var experiment = ExperimentFile.read(file);
        var messages = Messages.of(command);
        var stir = session.load(messages);
        var checked = CheckedExperiment.of(stir, experiment);
        if (!checked.mistakes().isEmpty()) {
            checked.mistakes().forEach(mistake -> err.println("stir: " + mistake));
            return ExitCode.USAGE;
        }
        var plan = checked.plan();
        if (dryRun) {
            var cost = StudyCost.of(stir, plan, System::nanoTime);
            format.print(new PlanReport(plan, cost), command.getOut());
            return ExitCode.DONE;
        }
        try {
            StudyResults results;
            try (var progress = session.progress(messages)) {
                results =
                        run(
                                Study.of(stir, plan),
                                new Steps(progress, messages, session.terminal()));
            }
            format.print(new StudyReport(results), command.getOut());
            return ExitCode.DONE;
        } catch (CancellationException e) {
            err.println(
                    "stir: Interrupted: what was done is in %s, and the same command goes on."
                            .formatted(place()));
            return ExitCode.INTERRUPTED;
        }
    }

    private StudyResults run(Study study, StudyListener listener) {
        return study.repeatedBy("stir matrix %s --out %s".formatted(file, place()))
                .run(place(), listener);
    }

    private Path place() {
        if (folder.isPresent()) {
            return folder.get();
        }
        var name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return Path.of(dot > 0 ? name.substring(0, dot) : name + "-study");
    }

    /** Steps are told above the bar, which tells the passes within a step. */
    private record Steps(ProgressBar bar, Messages messages, boolean terminal)
            implements StudyListener {
        @Override
        public void step(String line) {
            bar.close();
            if (messages.verbose() || (terminal && !messages.quiet())) {
                messages.err().println("stir: " + line);
                messages.err().flush();
            }
        }

        @Override
        public void update(Progress progress) {
            bar.update(progress);
        }
    }
}
