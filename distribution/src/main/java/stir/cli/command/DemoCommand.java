package stir.cli.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
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
import stir.cli.console.Resumable;
import stir.cli.option.FormatOption;
import stir.cli.option.MachineOptions;
import stir.cli.option.NetworkOptions;
import stir.cli.option.RepeatedCommand;
import stir.cli.report.DemoReport;
import stir.cli.report.FurtherReferences;
import stir.cli.report.OutputFolder;
import stir.cli.report.ProgressDisplay;
import stir.cli.report.ScoreReport;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.network.NetworkSpec;
import stir.core.score.ScoreSettings;
import stir.core.study.CompareRequest;
import stir.core.study.RunOptions;
import stir.core.study.Study;

/** {@code stir demo}: a comparison of bundled networks on bundled digits. */
@Command(
        name = "demo",
        description = {
            "Compares two pairs of small bundled networks on real digits, within a minute.",
            "",
            "The networks of a pair differ only in their random initialisation. Both pairs have a"
                    + " high similarity, but only the vgg pair has a high STIR: each ResNet also"
                    + " represents what the other ignores."
        },
        footer = {
            "",
            "The folder demo/ contains the networks, the digits and a description of their"
                    + " origin. The published search takes a few minutes:",
            "  stir demo --limit 100 --optimizer published"
        })
final class DemoCommand implements Callable<Integer>, Resumable {
    private static final String DIGITS = "mnist500-images-idx3-ubyte";
    private static final String DEFAULT_FOLDER = "stir-demo";

    /** So many that at least 90 % of the X' of all four networks are accepted. */
    private static final int FAST_ITERATIONS = 200;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Number of digits, at most 500 (default: ${DEFAULT-VALUE}).")
    int limit = 30;

    @Option(
            names = {"--optimizer", "--optimiser"},
            paramLabel = "NAME",
            description = "Optimiser (default: ${DEFAULT-VALUE}); `published` is the" + " published algorithm.")
    Optimizer optimizer = Optimizer.FAST;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Maximum number of steps per digit (default: fast " + FAST_ITERATIONS + ", published 1000).")
    Optional<Integer> iterations = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for invariant inputs, values and pictures (default: "
                    + DEFAULT_FOLDER
                    + "; results of an earlier demo are replaced).")
    Optional<Path> folder = Optional.empty();

    @Mixin
    MachineOptions machine = new MachineOptions();

    @Mixin
    FormatOption format = new FormatOption();

    private Path out() {
        return folder.orElse(Path.of(DEFAULT_FOLDER));
    }

    @Override
    public Optional<Path> kept() {
        return DemoReport.FAMILIES.stream().anyMatch(this::isBegun) ? Optional.of(out()) : Optional.empty();
    }

    private boolean isBegun(String family) {
        return Study.isBegun(out().resolve(family));
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        var console = Console.of(command);
        var output = OutputFolder.claim(out(), folder.isEmpty(), DemoReport.FAMILIES.toArray(String[]::new));
        var settings = ScoreSettings.DEFAULT.withInversion(search());
        var digits = Inputs.open(console.demo(DIGITS)).limit(limit);
        var messages = Messages.of(command);
        machine.check(messages);
        var stir = console.load(command);
        var reports = new LinkedHashMap<String, ScoreReport>();
        try (var progress = console.progress(messages, "demo")) {
            for (String family : DemoReport.FAMILIES) {
                reports.put(family, compare(stir, family, digits, settings, output, progress));
            }
        }
        var report = new DemoReport(reports, output.path());
        report.save(output);
        format.print(report, command);
        return ExitCode.DONE;
    }

    private InversionSettings search() {
        var search = InversionSettings.of(optimizer.method());
        var chosen = optimizer == Optimizer.FAST ? iterations.or(() -> Optional.of(FAST_ITERATIONS)) : iterations;
        return chosen.map(search::withIterations).orElse(search);
    }

    private ScoreReport compare(
            Stir stir,
            String family,
            Inputs digits,
            ScoreSettings settings,
            OutputFolder output,
            ProgressDisplay progress) {
        var first = network(family + "_gelu0.onnx");
        var second = network(family + "_gelu1.onnx");
        try (var a = stir.openUnchecked(first);
                var b = stir.openUnchecked(second)) {
            var command = RepeatedCommand.of(spec.commandLine());
            var options = RunOptions.DEFAULT.repeatedBy(command.line()).replacing(folder.isEmpty());
            var comparison = stir.compare(CompareRequest.of(a, b, digits)
                    .withSettings(settings)
                    .withFolder(output.within(family).path())
                    .withOptions(options)
                    .withListener(progress));
            return new ScoreReport(
                    List.of(comparison),
                    FurtherReferences.NONE,
                    FurtherReferences.NONE,
                    digits,
                    Optional.of(output.within(family).path()),
                    command,
                    false);
        }
    }

    private NetworkSpec network(String file) {
        return new NetworkOptions().spec(Console.of(spec.commandLine()).demo(file), machine);
    }
}
