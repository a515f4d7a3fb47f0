package stir.cli.command;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Messages;
import stir.cli.console.Resumable;
import stir.cli.option.ComparisonOptions;
import stir.cli.option.DryRunOption;
import stir.cli.option.FormatOption;
import stir.cli.option.InputOptions;
import stir.cli.option.InversionOptions;
import stir.cli.option.MachineOptions;
import stir.cli.option.MeasureOptions;
import stir.cli.option.NetworkOptions;
import stir.cli.option.OutputOptions;
import stir.cli.option.ReferenceOptions;
import stir.cli.option.RepeatedCommand;
import stir.cli.option.ShardOptions;
import stir.cli.option.TimeOption;
import stir.cli.report.FurtherReferences;
import stir.cli.report.OutputFolder;
import stir.cli.report.ScoreReport;
import stir.core.io.files.ExistingPath;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Judgement;
import stir.core.score.Protocol;
import stir.core.score.ScoreSettings;
import stir.core.study.CompareRequest;
import stir.core.study.plan.StudyPlan;
import stir.core.study.results.Comparison;

/** {@code stir score}: a comparison of two networks in both directions. */
@Command(
        name = "score",
        modelTransformer = ScoreCommand.WithNetworks.class,
        description = {
            "Compares two networks in both directions.",
            "",
            "Prints a question and an answer per direction: how much of a survives what b"
                    + " ignores? The answer follows from STIR(a | b), the similarity of a(X) and a(X'),"
                    + " where X' are inputs that b represents as it represents X. Near the ceiling, the"
                    + " score of b on its own X', the changes that b ignores leave a's representation as it"
                    + " was; near the floor, the score of seeds or permuted inputs, they leave none of it.",
            "STIR by CKA sees neither an offset nor a rotation of all X'. The shared metamers"
                    + " need no such alignment: the percentage of accepted X' that a, too, represents as X,"
                    + " by the rule by which b accepts. Their ceiling is b's own share, their floor that for"
                    + " X' of other inputs, 0 as a rule (--details).",
            "The deciding measure is linear-cka-debiased, or the first measure if that is not"
                    + " among them. The first of these rules that applies decides:",
            ScoreCommand.RULES,
            "An inconclusive answer comes with its reason and with what would settle it. A"
                    + " suggested number of inputs is an estimate: the width of an interval falls with the"
                    + " square root of the number of inputs, if the values do not change.",
            "The corrected value is 0 at the floor and 1 at the ceiling. p is the probability of"
                    + " a value at least as similar if the X' were permuted. S(X,X') is the similarity of"
                    + " the inputs themselves, without a network. linear-cka is the published measure.",
            "The residual is the relative distance that remains after the search, and"
                    + " `converged` the share of X' whose residual is within the tolerance. X' is accepted"
                    + " if its residual is below the threshold, below which 5 %% of distances between"
                    + " the reference's representations of different inputs lie, and its predicted class is"
                    + " unchanged. `X' from X` is the relative distance of the pixels, and `moved` the"
                    + " distance from the seed.",
            "The 95 %% interval is a confidence interval for the expected value over samples of"
                    + " this size. That value exceeds the limit of many inputs for linear-cka, which is"
                    + " biased, and equals it for linear-cka-debiased. --details also prints a wider"
                    + " prediction interval for the value on the next sample. With --repeats, the mean over"
                    + " the searches has its own interval.",
            "The difference is the first STIR minus the second, on the same inputs, with its"
                    + " p-value. It is valid for these networks and searches only. If a measure is biased,"
                    + " values of layers of different widths may differ for that reason only.",
            "--details prints all values by all measures, named like the columns of results.csv."
                    + " --out saves them, and for each input the change of the target's representation and"
                    + " the predicted classes (inputs.csv).",
            "Trust a score only if there are no cautions. Biased measures such as linear-cka"
                    + " need more inputs than features; linear-cka-debiased does not."
        },
        footer = {
            "",
            "Examples:",
            "  stir score a.pt b.pt --inputs digits/ --limit 200 --out result",
            "  stir score a.onnx b.pt --inputs x.npy --layer-b features.7 \\",
            "      --measure linear-cka --format json",
            "  stir score a.pt b.pt --inputs photos/ --size 224 --normalise imagenet"
        })
class ScoreCommand implements Callable<Integer>, Resumable {
    /** The place of the rules of verdicts in the description. */
    static final String RULES = "rules";

    private final NetworkOptions optionsOfBoth = new NetworkOptions();
    private final NetworkOptions optionsOfA = new NetworkOptions();
    private final NetworkOptions optionsOfB = new NetworkOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "A", description = "File or folder of the first model.")
    Path a = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "File or folder of the second model.")
    Path b = Path.of("");

    @Option(
            names = "--head-a",
            paramLabel = "FILE",
            description = "(A) Network from the measured layer to the outputs. Its answers from an affine"
                    + " map of B's layer are compared with those from A's own.")
    Optional<Path> headOfA = Optional.empty();

    @Option(names = "--head-b", paramLabel = "FILE", description = "(B) The same for B.")
    Optional<Path> headOfB = Optional.empty();

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            description = "Rule of a public table: real-1. It sets the search, measures, repeats,"
                    + " reduction and memory, and rejects fewer than 40 inputs and other"
                    + " values of options. Arrays also need --seed.")
    Optional<Protocol> protocol = Optional.empty();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Search N times, with RNG seeds --rng-seed, --rng-seed + 1 and so on (one"
                    + " per two repeats with the seed far), and report the mean over the searches,"
                    + " its interval, and the interval of the next search (default:"
                    + " ${DEFAULT-VALUE}).")
    int repeats = ScoreSettings.DEFAULT.repeats();

    @Option(
            names = "--reduce",
            paramLabel = "WORD",
            description = "Reduction of images and tokens for measures: flatten, spatial-mean (also of"
                    + " tokens), class-token (the first), last-token or per-position, one row per"
                    + " token or pixel (default: flatten). The search matches whole"
                    + " representations.")
    RepresentationReduction reduction = ScoreSettings.DEFAULT.reduction();

    @Option(
            names = "--curve",
            split = ",",
            paramLabel = "N",
            description = "Also compare after searches of these numbers of iterations (50,100,250),"
                    + " with the residual and the distance from the seed of each, to check that a"
                    + " value has converged.")
    SortedSet<Integer> curve = new TreeSet<>();

    @Option(
            names = "--details",
            description = "Print every value by every measure, named like the columns of results.csv.")
    boolean isDetailed;

    @Mixin
    DryRunOption dryRun = new DryRunOption();

    @Mixin
    InputOptions inputs = new InputOptions();

    @Mixin
    ReferenceOptions further = new ReferenceOptions();

    @Mixin
    MeasureOptions measures = new MeasureOptions();

    @Mixin
    InversionOptions inversion = new InversionOptions();

    @Mixin
    ComparisonOptions comparison = new ComparisonOptions();

    @Mixin
    MachineOptions machine = new MachineOptions();

    @Mixin
    TimeOption time = new TimeOption();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    FormatOption format = new FormatOption();

    /** The addition of the rules of verdicts, and of the options of networks. */
    static final class WithNetworks implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec spec) {
            var message = spec.usageMessage();
            message.description(Arrays.stream(message.description())
                    .flatMap(text -> text.equals(RULES) ? rules() : Stream.of(text))
                    .toArray(String[]::new));
            var command = (ScoreCommand) spec.userObject();
            command.optionsOfBoth.addTo(spec, "", "");
            command.optionsOfA.addTo(spec, NetworkOptions.OF_A, "(A) ");
            command.optionsOfB.addTo(spec, NetworkOptions.OF_B, "(B) ");
            return spec;
        }

        private static Stream<String> rules() {
            return Judgement.rules().stream()
                    .map(rule -> "- " + rule.word() + ": " + rule.condition().replace("%", "%%"));
        }
    }

    /** Returns the options that divide the work; empty outside {@code stir cluster}. */
    Optional<ShardOptions> shards() {
        return Optional.empty();
    }

    @Override
    public Optional<Path> kept() {
        return output.kept();
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        ExistingPath.check(List.of(a, b, inputs.path()));
        ExistingPath.check(further.models());
        ExistingPath.check(Stream.of(headOfA, headOfB).flatMap(Optional::stream).toList());
        var settings = new ScoreSettings(
                protocol.isPresent() ? inversion.settings(protocol.get(), inputs.kind()) : inversion.settings(),
                measures.measures(),
                repeats,
                reduction,
                comparison.memory().bytes(),
                protocol);
        curve.forEach(settings.inversion()::withIterations); // refused before the work
        var references = further.references(optionsOfBoth, machine);
        var specOfA = optionsOfA.over(optionsOfBoth).spec(a, machine).withReferences(references);
        var specOfB = optionsOfB.over(optionsOfBoth).spec(b, machine).withReferences(references);
        if (comparison.keepsRepresentations() && output.folder().isEmpty()) {
            throw new ParameterException(command, "--keep-representations needs a folder: add --out DIR");
        }
        shards().ifPresent(shards -> shards.check(command, output.folder()));
        Optional<OutputFolder> folder = dryRun.isGiven() ? Optional.empty() : output.claim();
        var inputs = this.inputs.open(Messages.of(spec.commandLine()));
        var messages = Messages.of(command);
        machine.check(messages);
        var console = Console.of(command);
        var stir = console.load(command);
        var options = output.options(command)
                .keepingRepresentations(comparison.keepsRepresentations())
                .mixingMachines(shards().filter(ShardOptions::mixesMachines).isPresent());
        ScoreReport report;
        try (var first = stir.openUnchecked(specOfA);
                var second = stir.openUnchecked(specOfB);
                var progress = console.progress(messages, "score")) {
            var request = new CompareRequest(
                    first,
                    second,
                    inputs,
                    headOfA,
                    headOfB,
                    settings,
                    folder.map(OutputFolder::path),
                    options,
                    progress);
            var lengths = List.copyOf(curve);
            var divided = shards().filter(ShardOptions::divides);
            List<Comparison> comparisons;
            try (var checked = stir.check(request, lengths)) {
                planned(checked.plan());
                if (dryRun.isGiven()) {
                    return dryRun.report(checked, format, command);
                }
                if (divided.isPresent()) {
                    var code = divided.orElseThrow()
                            .run(checked, folder.orElseThrow().path(), options, progress, format, command);
                    if (code.isPresent()) {
                        return code.get();
                    }
                }
                var study = checked.study();
                comparisons = Comparison.of(
                        folder.isPresent()
                                ? study.run(folder.get().path(), options, progress)
                                : study.run(options, progress));
            }
            var all = comparisons.get(0);
            var search = settings.inversion();
            report = new ScoreReport(
                    comparisons,
                    FurtherReferences.of(stir, first, inputs, all.bGivenA().inversion(), search),
                    FurtherReferences.of(stir, second, inputs, all.aGivenB().inversion(), search),
                    inputs,
                    output.folder(),
                    RepeatedCommand.of(command),
                    isDetailed);
        }
        folder.ifPresent(report::save);
        return print(report);
    }

    /** Receives the plan before the work begins; may refuse it. */
    void planned(StudyPlan plan) {}

    /** Prints the report, and returns the exit code. */
    int print(ScoreReport report) {
        format.print(report, spec.commandLine());
        return report.isDefined() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
