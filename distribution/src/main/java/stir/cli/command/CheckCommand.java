package stir.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.api.Scope;
import stir.api.Shape;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Messages;
import stir.cli.console.PassLimit;
import stir.cli.console.Remedies;
import stir.cli.option.FormatOption;
import stir.cli.option.MachineOptions;
import stir.cli.option.NetworkOptions;
import stir.cli.option.ReadingOptions;
import stir.cli.option.TimeOption;
import stir.cli.report.ExaminationReport;
import stir.core.Stir;
import stir.core.check.ExportCheck;
import stir.core.check.ExportChecker;
import stir.core.io.files.ExistingPath;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;

/** {@code stir check}: a check of an exported network. */
@Command(
        name = "check",
        description = {
            "Checks the file of a network before a measurement.",
            "",
            "Reports the file's format, the layers that can be measured and searched, and why"
                    + " others can't; compares the gradient at the measured layer with finite"
                    + " differences;"
                    + " and estimates the cost of a search. Without --inputs, the inputs are"
                    + " random. Without --timeout, the command stops if one pass takes more than 90"
                    + " seconds."
        },
        footer = {
            "",
            "--against compares layers with the same names: their relative difference must not"
                    + " exceed 0.001, or 0.01 if the weights of one are in half precision. If there are"
                    + " many layers, a sample of 50 is compared.",
            "",
            "The exit code is 1 if there is a problem; lines that begin with \"wrong:\" describe"
                    + " it and its remedy.",
            "",
            "Examples:",
            "  stir check a.onnx",
            "  stir check a.onnx --shape 3x224x224",
            "  stir check a.onnx --against a.pt --inputs images/ --format json",
            "  stir check a.onnx --inputs photos/ --size 224 --normalise imagenet"
        })
final class CheckCommand implements Callable<Integer>, PassLimit.Limited {
    private final PassLimit passes = new PassLimit(PassLimit.USUAL);

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "MODEL", description = "File or folder of the model.")
    Path model = Path.of("");

    @Option(
            names = "--against",
            paramLabel = "OTHER",
            description = "Another export of the same network, to compare layer by layer.")
    Optional<Path> against = Optional.empty();

    @Option(names = "--all-layers", description = "Compare all layers with the layers of --against, not a sample.")
    boolean allLayers;

    @Option(names = "--inputs", paramLabel = "DIR|FILE", description = "Inputs, as for `stir score` (default: noise).")
    Optional<Path> inputs = Optional.empty();

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            description =
                    "Shape of one input of the model, such as 3x224x224, for random inputs" + " (default: the file's).")
    Optional<Shape> shape = Optional.empty();

    @Option(
            names = "--quick",
            description = "Use only 4 inputs, compare the gradient at 2 of them, and skip the estimate of a search.")
    boolean quick;

    @Option(
            names = "--no-gradients",
            description = "Skip the comparison of gradients, for measurements without a search.")
    boolean withoutGradients;

    @Option(
            names = "--values",
            paramLabel = "DIR",
            description = "Existing folder for the inputs as the model receives them"
                    + " (inputs.npy) and their representations at the named layers (layer-0.npy,"
                    + " layer-1.npy), to compare with the original network.")
    Optional<Path> values = Optional.empty();

    @Mixin
    ReadingOptions reading = new ReadingOptions();

    @Mixin
    NetworkOptions network = new NetworkOptions();

    @Mixin
    MachineOptions machine = new MachineOptions();

    @Mixin
    TimeOption time = new TimeOption();

    @Mixin
    FormatOption format = new FormatOption();

    @Override
    public PassLimit passes() {
        return passes;
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        ExistingPath.check(Stream.of(Optional.of(model), against, inputs, values)
                .flatMap(Optional::stream)
                .toList());
        var messages = Messages.of(command);
        machine.check(messages);
        var opened = network.spec(model, machine);
        if (inputs.isEmpty() && reading.isAsked()) {
            throw new ParameterException(command, "These options require --inputs.");
        }
        var shown = inputs.map(reading::open);
        var console = Console.of(command);
        var stir = console.load(command);
        ExportCheck examination;
        try (var scope = new Scope();
                var progress = console.progress(messages, "all")) {
            var examined = scope.own(passes.open(() -> stir.openUnchecked(opened)));
            var other = against.map(file -> scope.own(passes.open(() -> open(stir, file, opened))));
            shown.ifPresent(set -> messages.warn(examined.conversions(set.shape())));
            var sampling = new ExportChecker(System::nanoTime, progress);
            var comparing = allLayers ? sampling.withAllLayers() : sampling;
            var limited = quick ? comparing.quick() : comparing;
            var searched = withoutGradients ? limited.withoutGradients() : limited;
            var checker = values.map(searched::withValues).orElse(searched);
            examination = shown.isPresent()
                    ? checker.check(examined, other, shown.get())
                    : checker.check(
                            examined, other, shape.orElse(examined.input().shape()));
        }
        var remedies = Remedies.of(command);
        var problems = examination.problems().stream().map(remedies::in).toList();
        format.print(new ExaminationReport(examination, problems), command);
        return problems.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** Opens the other export, with the preprocessing and resources of the first one. */
    private static Network open(Stir stir, Path file, NetworkSpec like) {
        return stir.openUnchecked(NetworkSpec.of(file)
                .withPreprocessing(like.preprocessing())
                .withResources(like.resources())
                .withInputs(like.inputs()));
    }
}
