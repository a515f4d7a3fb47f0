package stir.cli.command;

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
import stir.cli.option.ShardOptions;
import stir.cli.option.TimeOption;
import stir.cli.report.FurtherReferences;
import stir.cli.report.OutputFolder;
import stir.cli.report.ScoreReport;
import stir.core.io.files.ExistingPath;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Judgement;
import stir.core.score.ScoreSettings;
import stir.core.study.CompareRequest;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code stir score}: a comparison of two networks in both directions. */
@Command(
        name = "score",
        modelTransformer = ScoreCommand.WithNetworks.class,
        description = {
            "Compares two networks in both directions.",
            "",
            "Prints a question and an answer per direction: does a ignore what b ignores? The"
                    + " answer follows from STIR(a | b), the similarity of a(X) and a(X'), where X'"
                    + " are inputs that b represents as it represents X. Near the ceiling, the"
                    + " score of b itself on its X', a ignores what b ignores; near the floor, the"
                    + " score of seeds and of permuted inputs, it ignores none of it.",
            "The answer is by the measure linear-cka-debiased, or the first one if it is not among"
                    + " the measures. It is the first of these rules that holds:",
            ScoreCommand.RULES,
            "An inconclusive answer comes with its reason, and with what would settle it. A number"
                    + " of inputs is an estimate: the width of an interval falls with the root of"
                    + " the number of inputs, if the values stay as they are.",
            "The corrected value is 0 at the floor and 1 at the ceiling. p is the probability of a"
                    + " value at least as similar if each X' belonged to another input. S(X,X') is"
                    + " the similarity of the inputs themselves, and CKA is STIR by the published"
                    + " measure.",
            "The residual is the relative distance that remains after the search. The column"
                    + " `converged` is the share of X' whose residual is within the tolerance."
                    + " The threshold is half the smallest distance above 0 of the reference's"
                    + " representations of different inputs. X' is accepted if its residual is"
                    + " below the threshold and its predicted class is that of X. `X' from X` is"
                    + " the relative distance of pixels, and `moved` their distance from the seed.",
            "The interval, of 95 %%, is a confidence interval for the mean over other samples of"
                    + " the same size: for linear-cka, which is biased, it is above the limit of"
                    + " infinitely many inputs; for linear-cka-debiased it equals that limit."
                    + " --details prints a wider one as well, a prediction interval for the value"
                    + " on the next sample. With --repeats, the mean over the searches is printed"
                    + " with its own interval.",
            "The difference is that of the first and the second answer, on the"
                    + " same inputs, with the probability of a difference as large if there were"
                    + " none. It holds for these networks and searches; if a measure is biased,"
                    + " values of layers of different widths may differ for that reason alone.",
            "--details prints all values by all measures, under the names of the columns of"
                    + " results.csv. --out saves them, and of each input the distance that the"
                    + " target's representation moved and the predicted classes (inputs.csv).",
            "Do not rely on a value with cautions. Biased measures such as linear-cka need more"
                    + " inputs than features; linear-cka-debiased does not."
        },
        footer = {
            "",
            "Examples:",
            "  stir score a.pt b.pt --inputs digits/ --limit 200 --out result",
            "  stir score a.onnx b.pt --inputs x.npy --layer-b features.7 \\",
            "      --measure linear-cka --format json",
            "  stir score a.pt b.pt --inputs photos/ --size 224 --normalise imagenet",
            "  stir score a.pt b.pt --inputs x.npy --out /shared/result \\",
            "      --stage search --shard 3/16"
        })
final class ScoreCommand implements Callable<Integer>, Resumable {
    /** The place of the rules of verdicts in the description. */
    static final String RULES = "rules";

    private final NetworkOptions optionsOfBoth = new NetworkOptions();
    private final NetworkOptions optionsOfA = new NetworkOptions();
    private final NetworkOptions optionsOfB = new NetworkOptions();

    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "A", description = "File or folder of the first model.")
    Path a = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "File or folder of the second model.")
    Path b = Path.of("");

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description =
                    "Search N times, with the keys --rng-seed, --rng-seed + 1 and so"
                            + " on (one key per two of the seed far), and report the"
                            + " mean over the searches, its interval, and the interval of the"
                            + " next search (default:"
                            + " ${DEFAULT-VALUE}).")
    int repeats = ScoreSettings.DEFAULT.repeats();

    @Option(
            names = "--reduce",
            paramLabel = "WORD",
            description =
                    "Reduction of images and tokens for measures: flatten, spatial-mean (of"
                            + " tokens: their mean), class-token (the first), last-token or"
                            + " per-position, a row per token or pixel, of which intervals leave"
                            + " out all of an input together (default: flatten). The search always"
                            + " matches whole representations.")
    RepresentationReduction reduction = ScoreSettings.DEFAULT.reduction();

    @Option(
            names = "--curve",
            split = ",",
            paramLabel = "N",
            description =
                    "Compare after searches of these numbers of iterations too"
                            + " (50,100,250), and show"
                            + " STIR next to the residual and the distance from the seed of"
                            + " each: whether a value"
                            + " still changes with a longer search.")
    SortedSet<Integer> curve = new TreeSet<>();

    @Option(
            names = "--details",
            description =
                    "Print every value by every measure, under the names of the columns of"
                            + " results.csv.")
    boolean isDetailed;

    @Mixin DryRunOption dryRun = new DryRunOption();
    @Mixin InputOptions inputs = new InputOptions();
    @Mixin ReferenceOptions further = new ReferenceOptions();
    @Mixin MeasureOptions measures = new MeasureOptions();
    @Mixin InversionOptions inversion = new InversionOptions();
    @Mixin ComparisonOptions comparison = new ComparisonOptions();
    @Mixin MachineOptions machine = new MachineOptions();
    @Mixin TimeOption time = new TimeOption();
    @Mixin OutputOptions output = new OutputOptions();
    @Mixin ShardOptions shards = new ShardOptions();
    @Mixin FormatOption format = new FormatOption();

    /** The addition of the rules of verdicts, and of the options of networks. */
    static final class WithNetworks implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec spec) {
            var message = spec.usageMessage();
            message.description(
                    Arrays.stream(message.description())
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

    @Override
    public Optional<Path> kept() {
        return output.kept();
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        ExistingPath.check(List.of(a, b, inputs.path()));
        ExistingPath.check(further.models());
        var settings =
                new ScoreSettings(
                        inversion.settings(),
                        measures.measures(),
                        repeats,
                        reduction,
                        comparison.memory().bytes());
        curve.forEach(settings.inversion()::withIterations); // refused before the work
        var references = further.references(optionsOfBoth, machine);
        var specOfA = optionsOfA.over(optionsOfBoth).spec(a, machine).withReferences(references);
        var specOfB = optionsOfB.over(optionsOfBoth).spec(b, machine).withReferences(references);
        if (comparison.keepsRepresentations() && output.folder().isEmpty()) {
            throw new ParameterException(
                    command, "--keep-representations needs a folder: add --out DIR");
        }
        if (shards.divides()) {
            shards.check(command, output.folder());
        }
        Optional<OutputFolder> folder = dryRun.isGiven() ? Optional.empty() : output.claim();
        var found = inputs.open(Messages.of(spec.commandLine()));
        var messages = Messages.of(command);
        machine.check(messages);
        var console = Console.of(command);
        var stir = console.load(command);
        var options =
                output.options(command).keepingRepresentations(comparison.keepsRepresentations());
        ScoreReport report;
        try (var first = stir.openUnchecked(specOfA);
                var second = stir.openUnchecked(specOfB);
                var progress = console.progress(messages, "score")) {
            var request =
                    new CompareRequest(
                            first,
                            second,
                            found,
                            settings,
                            folder.map(OutputFolder::path),
                            options,
                            progress);
            var lengths = List.copyOf(curve);
            if (dryRun.isGiven() || shards.divides()) {
                try (var checked = stir.check(request, lengths)) {
                    if (dryRun.isGiven()) {
                        return dryRun.report(checked, format, command);
                    }
                    var code =
                            shards.run(
                                    checked,
                                    folder.orElseThrow().path(),
                                    options,
                                    progress,
                                    format,
                                    command);
                    if (code.isPresent()) {
                        return code.get();
                    }
                }
            }
            var comparisons = stir.compare(request, lengths);
            var all = comparisons.get(0);
            var search = settings.inversion();
            report =
                    new ScoreReport(
                            comparisons,
                            FurtherReferences.of(
                                    stir, first, found, all.bGivenA().inversion(), search),
                            FurtherReferences.of(
                                    stir, second, found, all.aGivenB().inversion(), search),
                            found,
                            output.folder(),
                            options.command(),
                            isDetailed);
        }
        folder.ifPresent(report::save);
        format.print(report, command);
        return report.isDefined() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
