package stir.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Messages;
import stir.cli.console.Remedies;
import stir.cli.console.Resumable;
import stir.cli.option.DryRunOption;
import stir.cli.option.ExperimentOptions;
import stir.cli.option.FormatOption;
import stir.cli.option.RepeatedCommand;
import stir.cli.option.ReuseOptions;
import stir.cli.option.ShardOptions;
import stir.cli.option.TimeOption;
import stir.cli.report.ProgressDisplay;
import stir.cli.report.StudyReport;
import stir.core.study.CheckedExperiment;
import stir.core.study.RunOptions;
import stir.core.study.Study;
import stir.core.study.results.StudyResults;

/** {@code stir matrix}: a resumable comparison of many models and layers. */
@Command(
        name = "matrix",
        description = {
            "Compares many models and layers as described in an experiment file.",
            "",
            "Each reference layer is inverted once per search and repeat, and its invariant"
                    + " inputs serve all targets. Results are stored as soon as they are computed: after an"
                    + " interruption, run the same command again to continue. If models, layers, measures"
                    + " or repeats are added to the file, only the new results are computed. A changed"
                    + " setting or file that would invalidate stored results is rejected.",
            "",
            "Prints a matrix of STIR after the first search, with targets as rows and references"
                    + " as columns, each at its last layer or at the layers of --at. Measure and"
                    + " verdicts are the same as in `stir score`, with marks: = nothing to ignore,"
                    + " ? inconclusive (--details prints the value), ~ little, ! below the"
                    + " inputs. Below are the inconclusive scores by reason, and the three largest"
                    + " clear differences between the directions of a pair: those with a p-value below"
                    + " 0.05, corrected for the pairs of the matrix that ignore something. --format"
                    + " latex and --format markdown print the matrix for a"
                    + " paper, --format csv all values.",
            "",
            "Models with a group, or with factors, are samples of their groups. The study then"
                    + " states STIR of each pair of groups, with intervals over networks and inputs,"
                    + " and whether groups differ more than the networks of one: groups.csv,"
                    + " group-differences.csv. Groups change no score, and can be added later.",
            "",
            "The folder contains the results (result.json, results.csv, differences.csv), the"
                    + " settings, hashes and versions (study.json), scores/ and searches/ for further"
                    + " runs, the inputs, and a log of each run in logs/. An undefined value is empty in"
                    + " tables, and null in documents with its reason. `stir report` makes a page of the"
                    + " folder."
        },
        footer = {
            "",
            "An experiment file, in YAML. Paths are relative to it, and all keys except models"
                    + " and inputs are optional. Options override the file:",
            "",
            "  title: Are robust networks alike?  # shown in the report, like the next two;",
            "  authors: [A. Author, B. Author]    # changing them affects no result",
            "  notes: Our own training.",
            "  models:",
            "    - name: plain                    # its name in results",
            "      file: plain.pt",
            "      group: standard                # it is a sample of this group; or several",
            "                                     # factors: {loss: standard, seed: 1}",
            "      layers: [layer2, \"layer3.*\"]   # names or patterns (default: the last",
            "                                     # before the classifier)",
            "    - name: robust",
            "      file: robust.onnx",
            "      group: robust",
            "      layers: [flatten]",
            "      units: random 10 %%             # a sample of these layers' units",
            "      head: head.onnx                # from this only layer to the outputs, for",
            "                                     # stitching",
            "      search-layers: [conv1]         # the search matches these too; with one",
            "                                     # measured layer",
            "      layer-weights: [1, 0.5]        # of the measured layer and each of these",
            "      mean: [0.485, 0.456, 0.406]    # or normalise: imagenet, clip, half, none",
            "      std: [0.229, 0.224, 0.225]     # also: layout, backend, device, threads,",
            "                                     # settings, inputs: {mask: mask.npy},",
            "                                     # search-input",
            "  # - name: stored                   # only with search: none: representations",
            "  #   arrays: {layer2: stored.npy}   # that are stored already, a row per input",
            "  #   ids: names.txt                 # the samples' names, one per line, or an",
            "                                     # .npz with the array ids (default: those",
            "                                     # of the first array's .npz, or 0, 1, ...)",
            "  inputs:                            # or only the path; not needed if all",
            "                                     # models are stored arrays",
            "    path: photos",
            "    limit: 200",
            "    size: 224                        # also: resize, crop, array (of an .npz),",
            "                                     # interpolation: bicubic, range: [-1, 1]",
            "                                     # or data or free, as --range, channel: 1,",
            "                                     # fixed: mask.npy",
            "  measures: [linear-cka, rbf-cka]",
            "  search:                            # the options of `stir score`, or a list",
            "    optimizer: fast                  # of such sections, each with a name;",
            "                                     # none for similarities only",
            "    iterations: 100",
            "    seed: super-noise",
            "    rng-seed: 0",
            "  repeats: 1                         # RNG seeds: rng-seed, rng-seed + 1 ...",
            "  protocol: real-1                   # sets search, measures and repeats",
            "  reduce: flatten",
            "  memory: 1g                         # limit of a comparison; affects results",
            "  device: cpu                        # default of the models, as threads",
            "  threads: 4",
            "  pairs: all                         # or a list: {reference: plain, target:",
            "                                     # \"r*\"}, also with reference-layer and",
            "                                     # target-layer; reference: [plain, robust]",
            "                                     # is matched together, also with",
            "                                     # reference-weights: [1, 0.5]",
            "",
            "Examples:",
            "  stir matrix study.yaml --dry-run",
            "      checks the file, lists the work, estimates its cost",
            "  stir matrix study.yaml --out study",
            "      runs or continues it"
        })
class MatrixCommand implements Callable<Integer>, Resumable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the study, new or to be continued (default: the file's name"
                    + " without its extension, in the current folder).")
    Optional<Path> folder = Optional.empty();

    @Option(
            names = "--at",
            split = ",",
            paramLabel = "LAYER",
            description = "Layers of the printed matrix: names or patterns, of one network as"
                    + " MODEL:LAYER (default: the last layer of each network).")
    List<String> at = List.of();

    @Option(names = "--details", description = "Print a line per score and measure instead of the matrix.")
    boolean isDetailed;

    @Mixin
    DryRunOption dryRun = new DryRunOption();

    @Mixin
    ExperimentOptions experiment = new ExperimentOptions();

    @Mixin
    TimeOption time = new TimeOption();

    @Mixin
    ReuseOptions reuse = new ReuseOptions();

    @Mixin
    FormatOption format = new FormatOption();

    /** Returns the options that divide the work; empty outside {@code stir cluster}. */
    Optional<ShardOptions> shards() {
        return Optional.empty();
    }

    @Override
    public Optional<Path> kept() {
        return Optional.of(place()).filter(Study::isBegun);
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        shards().ifPresent(shards -> shards.check(command, folder));
        var file = experiment.read(Path.of(""));
        var messages = Messages.of(command);
        experiment.check(messages);
        var stir = Console.of(command).load(command);
        try (var checked = stir.check(file)) {
            if (!checked.problems().isEmpty()) {
                var remedies = Remedies.of(command);
                for (var problem : checked.problems()) {
                    var sentence = problem.place() + ": " + remedies.in(problem.refusal());
                    messages.error(sentence, ExitCode.USAGE);
                }
                return ExitCode.USAGE;
            }
            StudyReport.check(checked.plan(), at);
            if (dryRun.isGiven()) {
                return dryRun.report(checked, format, command);
            }
            var divided = shards().filter(ShardOptions::divides);
            if (divided.isPresent()) {
                var code = runPart(divided.get(), checked, messages);
                if (code.isPresent()) {
                    return code.get();
                }
            }
            var report = new StudyReport(
                    run(checked, messages), place(), Optional.of(RepeatedCommand.of(command)), at, isDetailed);
            format.print(report, command);
            return report.isDefined() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private RunOptions options() {
        return reuse.options(spec.commandLine())
                .keepingRepresentations(experiment.keepsRepresentations())
                .mixingMachines(shards().filter(ShardOptions::mixesMachines).isPresent());
    }

    private StudyResults run(CheckedExperiment checked, Messages messages) {
        try (var progress = progress(messages)) {
            return checked.study().run(place(), options(), progress);
        }
    }

    private Optional<Integer> runPart(ShardOptions shards, CheckedExperiment checked, Messages messages) {
        try (var progress = progress(messages)) {
            return shards.run(checked, place(), options(), progress, format, spec.commandLine());
        }
    }

    private ProgressDisplay progress(Messages messages) {
        return Console.of(spec.commandLine()).progress(messages, "study");
    }

    private Path place() {
        if (folder.isPresent()) {
            return folder.get();
        }
        var name = String.valueOf(experiment.file().getFileName());
        int dot = name.lastIndexOf('.');
        return Path.of(dot > 0 ? name.substring(0, dot) : name + "-study");
    }
}
