package stir.cli.command;

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
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Messages;
import stir.cli.console.Resumable;
import stir.cli.option.DryRunOption;
import stir.cli.option.FormatOption;
import stir.cli.option.InputOptions;
import stir.cli.option.InversionOptions;
import stir.cli.option.MachineOptions;
import stir.cli.option.NetworkOptions;
import stir.cli.option.OutputOptions;
import stir.cli.option.ReferenceOptions;
import stir.cli.option.TimeOption;
import stir.cli.option.VocabularyOptions;
import stir.cli.report.FurtherReferences;
import stir.cli.report.InversionReport;
import stir.cli.report.NearestTokens;
import stir.cli.report.OutputFolder;
import stir.core.inversion.Spread;
import stir.core.io.files.ExistingPath;
import stir.core.study.InvertRequest;

/** {@code stir invert}: a search for invariant inputs of one network. */
@Command(
        name = "invert",
        description = {
            "Finds invariant inputs of one network and saves them.",
            "",
            "An invariant input is an input that the network represents at a layer (almost) as it"
                    + " represents a given input. Its residual is the remaining relative"
                    + " distance: 0 is a"
                    + " perfect match, and 1 the distance of a representation of zeros."
        },
        footer = {
            "",
            "The folder --out receives invariant.npy, rows.csv (the outcome of each search),"
                    + " result.json and, for images, picture.png: the inputs above, their invariant inputs"
                    + " below; for audio, invariant/NAME.wav in 32-bit floats. With --spread, these belong"
                    + " to the first member; members.csv lists all members, and member-1/, member-2/ and so"
                    + " on contain the files of each.",
            "",
            "Examples:",
            "  stir invert a.pt --inputs digits/ --limit 10 --out inverted",
            "  stir invert a.pt --inputs x.npy --layer features.3 \\",
            "      --iterations 300 --out inverted"
        })
final class InvertCommand implements Callable<Integer>, Resumable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "MODEL", description = "File or folder of the model.")
    Path model = Path.of("");

    @Option(
            names = "--spread",
            paramLabel = "K",
            description =
                    "Find K invariant inputs per input (its members) that are far apart, instead of the input nearest to a seed: with the optimiser thorough or fast, from far"
                            + " seeds (--seed far).")
    Optional<Integer> spread = Optional.empty();

    @Mixin
    DryRunOption dryRun = new DryRunOption();

    @Mixin
    InputOptions inputs = new InputOptions();

    @Mixin
    NetworkOptions network = new NetworkOptions();

    @Mixin
    ReferenceOptions further = new ReferenceOptions();

    @Mixin
    InversionOptions inversion = new InversionOptions();

    @Mixin
    MachineOptions machine = new MachineOptions();

    @Mixin
    TimeOption time = new TimeOption();

    @Mixin
    VocabularyOptions vocabulary = new VocabularyOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    FormatOption format = new FormatOption();

    @Override
    public Optional<Path> kept() {
        return output.kept();
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        ExistingPath.check(List.of(model, inputs.path()));
        ExistingPath.check(further.models());
        var chosen = inversion.settings();
        var settings = spread.map(members -> Spread.settings(chosen, members)).orElse(chosen);
        Optional<OutputFolder> folder = dryRun.isGiven() ? Optional.empty() : output.claim();
        var network = this.network.spec(model, machine).withReferences(further.references(this.network, machine));
        var inputs = this.inputs.open(Messages.of(spec.commandLine()));
        var tokens = vocabulary.read();
        tokens.ifPresent(known -> known.check(inputs.shape()));
        var messages = Messages.of(command);
        machine.check(messages);
        var console = Console.of(command);
        var stir = console.load(command);
        InversionReport report;
        try (var reference = stir.openUnchecked(network);
                var progress = console.progress(messages, "all")) {
            var request = new InvertRequest(
                    reference, inputs, settings, folder.map(OutputFolder::path), output.options(command), progress);
            if (dryRun.isGiven()) {
                try (var checked = stir.check(request, spread.orElse(1))) {
                    return dryRun.report(checked, format, command);
                }
            }
            if (folder.isEmpty()) {
                messages.note("the invariant inputs will not be saved: --out DIR saves them.");
            }
            var members = spread.map(count -> stir.spread(request, count));
            var inverted = members.map(all -> all.members().get(0)).orElseGet(() -> stir.invert(request));
            report = new InversionReport(
                    reference.name(),
                    reference.layer(),
                    FurtherReferences.of(stir, reference, inputs, inverted, settings),
                    inputs,
                    settings,
                    inverted,
                    members,
                    progress.cautions(),
                    tokens.map(known -> NearestTokens.of(known, inputs, inverted.invariantInputs())));
        }
        folder.ifPresent(report::save);
        format.print(report, command);
        return ExitCode.DONE;
    }
}
