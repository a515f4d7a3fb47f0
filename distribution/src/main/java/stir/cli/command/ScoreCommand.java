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
import stir.cli.console.StepPrinter;
import stir.cli.option.ComparisonOptions;
import stir.cli.option.FormatOption;
import stir.cli.option.InputOptions;
import stir.cli.option.InversionOptions;
import stir.cli.option.MachineOptions;
import stir.cli.option.MeasureOptions;
import stir.cli.option.NetworkOptions;
import stir.cli.option.OutputOptions;
import stir.cli.option.ShardOptions;
import stir.cli.option.TimeOption;
import stir.cli.report.OutputFolder;
import stir.cli.report.ScoreReport;
import stir.core.io.files.ExistingPath;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Comparison;
import stir.core.score.ScoreSettings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/** {@code stir score}: a comparison of two networks in both directions. */
@Command(
        name = "score",
        modelTransformer = ScoreCommand.WithNetworks.class,
        description = {
            "Compares two networks in both directions.",
            "",
            "Prints the plain similarity S(a(X), b(X)), STIR(a | b) and STIR(b | a). STIR(a | b) is"
                    + " the similarity of a(X) and a(X'), where X' are inputs that b represents"
                    + " as it"
                    + " represents X: near 1, a shares b's invariances; near the floor (the"
                    + " score of seeds and shuffled"
                    + " inputs), it shares none. The ceiling is the score of b itself on its"
                    + " X'. baseline-"
                    + "corrected is 0 at the floor and 1 at the ceiling. `shuffled` is the mean"
                    + " over many"
                    + " permutations, sd their standard deviation, and p the probability of the"
                    + " value if no"
                    + " invariance were shared.",
            "There are two intervals of 95 %% for the choice of inputs, computed from the"
                    + " measure's values on parts of them. The first is a confidence interval"
                    + " for the mean,"
                    + " the expected value for equally many other inputs: for linear-cka, which"
                    + " is biased,"
                    + " it is above the limit of infinitely many inputs; for"
                    + " linear-cka-debiased it equals"
                    + " that limit. The second, wider one is a prediction interval for the"
                    + " value on new"
                    + " inputs. With --repeats, both are also computed for other random numbers"
                    + " of the"
                    + " search.",
            "(a | b) - (b | a) is the difference of the directions on the same inputs,"
                    + " with its interval and the probability of a difference as large if there"
                    + " were none."
                    + " It holds for these networks and searches; if a measure is biased,"
                    + " values of layers"
                    + " of different widths may differ for that reason alone.",
            "`target moved` is the distance of X' from X, relative to X, in the network that was"
                    + " not inverted, and class agreement the share of inputs whose predicted"
                    + " class stayed"
                    + " the same; --out saves both per input (inputs.csv).",
            "Trust a value only if the residual, the relative distance that remains after the"
                    + " search, is small (below about 0.1), and if there are more inputs than"
                    + " features."
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
    private final Console console;
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
                            + " on, and report the"
                            + " mean over the searches, its interval, and the interval of the"
                            + " next search (default:"
                            + " ${DEFAULT-VALUE}).")
    int repeats = ScoreSettings.REFERENCE.repeats();

    @Option(
            names = "--reduce",
            paramLabel = "WORD",
            description =
                    "Reduction of images and tokens for measures: flatten,"
                            + " spatial-mean, class-token or"
                            + " per-position (default: flatten). The search always matches"
                            + " whole representations.")
    RepresentationReduction reduction = ScoreSettings.REFERENCE.reduction();

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

    @Mixin InputOptions inputs = new InputOptions();
    @Mixin MeasureOptions measures = new MeasureOptions();
    @Mixin InversionOptions inversion = new InversionOptions();
    @Mixin ComparisonOptions comparison = new ComparisonOptions();
    @Mixin MachineOptions machine = new MachineOptions();
    @Mixin TimeOption time = new TimeOption();
    @Mixin OutputOptions output = new OutputOptions();
    @Mixin ShardOptions shards = new ShardOptions();
    @Mixin FormatOption format = new FormatOption();

    ScoreCommand(Console console) {
        this.console = console;
    }

    /** The addition of the options of networks: for both, and for each. */
    static final class WithNetworks implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec spec) {
            var command = (ScoreCommand) spec.userObject();
            command.optionsOfBoth.addTo(spec, "", "");
            command.optionsOfA.addTo(spec, NetworkOptions.OF_A, "(A) ");
            command.optionsOfB.addTo(spec, NetworkOptions.OF_B, "(B) ");
            return spec;
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
        var settings =
                new ScoreSettings(
                        inversion.settings(),
                        measures.measures(),
                        repeats,
                        reduction,
                        comparison.memory().orElse(ScoreSettings.DEFAULT_MEMORY));
        curve.forEach(settings.inversion()::withIterations); // refused before the work
        var specOfA = optionsOfA.over(optionsOfBoth).spec(a, machine);
        var specOfB = optionsOfB.over(optionsOfBoth).spec(b, machine);
        if (comparison.keepsRepresentations() && output.folder().isEmpty()) {
            throw new ParameterException(
                    command, "--keep-representations needs a folder: add --out DIR");
        }
        if (shards.divides()) {
            shards.check(command, output.folder());
        }
        var folder = output.claim();
        var found = inputs.open();
        var messages = Messages.of(command);
        machine.check(messages);
        var stir = console.load(messages);
        var options =
                output.options(command).keepingRepresentations(comparison.keepsRepresentations());
        List<Comparison> comparisons;
        try (var first = stir.open(specOfA);
                var second = stir.open(specOfB);
                var progress = console.progress(messages)) {
            var steps = new StepPrinter(progress, messages, messages.verbose());
            if (shards.divides()) {
                try (var checked = stir.check(first, second, found, settings, List.copyOf(curve))) {
                    var code =
                            shards.run(
                                    checked,
                                    folder.orElseThrow().path(),
                                    options,
                                    steps,
                                    format,
                                    command);
                    if (code.isPresent()) {
                        return code.get();
                    }
                }
            }
            comparisons =
                    stir.compare(
                            first,
                            second,
                            found,
                            settings,
                            List.copyOf(curve),
                            folder.map(OutputFolder::path),
                            options,
                            steps);
        }
        var report = new ScoreReport(comparisons, specOfA, specOfB, found);
        folder.ifPresent(report::save);
        format.print(report, command);
        return report.isDefined() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
