package stir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import stir.cli.report.DemoReport;
import stir.cli.report.OutputFolder;
import stir.cli.report.ScoreReport;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.ResultFolder;
import stir.core.network.NetworkSpec;
import stir.core.score.ScoreSettings;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code stir demo}: bundled networks on bundled digits. */
@Command(
        name = "demo",
        description = {
            "Compares two pairs of small bundled networks on real digits, within a minute.",
            "",
            "The networks of a pair differ in nothing but their random initialisation. Both pairs have"
                    + " a high plain similarity, but only the vgg pair has a high STIR: the two"
                    + " ResNets agree on digits and yet ignore different things."
        },
        footer = {
            "",
            "The folder demo/ holds the networks, the digits and how they were made. Values as they are"
                    + " published take some minutes:",
            "  stir demo --limit 100 --optimizer reference"
        })
final class DemoCommand implements Callable<Integer>, Resumable {
    private static final String DIGITS = "mnist500-images-idx3-ubyte";
    private static final String DEFAULT_FOLDER = "stir-demo";

    private final Session session;

    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many of the 500 digits to take (default: ${DEFAULT-VALUE}).")
    int limit = 40;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description =
                    "The search's rule (default: ${DEFAULT-VALUE}); `reference` is the published algorithm.")
    Optimizer optimizer = Optimizer.FAST;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description =
                    "The most steps for each digit (default: the optimizer's own; fast: 100, reference: 1000).")
    Optional<Integer> iterations = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where invariant inputs, values and pictures are saved (default: "
                            + DEFAULT_FOLDER
                            + ", and what an earlier demo left there is replaced).")
    Optional<Path> folder = Optional.empty();

    @Mixin MachineOptions machine = new MachineOptions();
    @Mixin FormatOption format = new FormatOption();

    DemoCommand(Session session) {
        this.session = session;
    }

    private Path out() {
        return folder.orElse(Path.of(DEFAULT_FOLDER));
    }

    @Override
    public Optional<Path> kept() {
        return DemoReport.FAMILIES.stream().anyMatch(this::isBegun)
                ? Optional.of(out())
                : Optional.empty();
    }

    private boolean isBegun(String family) {
        return ResultFolder.of(out().resolve(family)).isBegun();
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        var output =
                OutputFolder.claim(
                        out(), folder.isEmpty(), DemoReport.FAMILIES.toArray(String[]::new));
        var settings =
                ScoreSettings.REFERENCE.withInversion(
                        InversionSettings.REFERENCE
                                .withOptimizer(optimizer)
                                .withIterations(iterations.orElse(optimizer.defaultIterations())));
        var digits = Inputs.open(session.demo(DIGITS)).limit(limit);
        var stir = session.load(Messages.of(command));
        var reports = new LinkedHashMap<String, ScoreReport>();
        try (var progress = session.progress(Messages.of(command))) {
            for (String family : DemoReport.FAMILIES) {
                var job =
                        new ScoreJob(
                                network(family + "0"),
                                network(family + "1"),
                                settings,
                                Collections.emptySortedSet());
                reports.put(
                        family,
                        job.run(stir, digits, Optional.of(output.results(family)), progress));
            }
        }
        var report = new DemoReport(reports, output.path());
        output.write(place -> report.save(place, output.path()));
        format.print(report, command.getOut());
        return ExitCode.DONE;
    }

    private NetworkSpec network(String name) {
        return new NetworkOptions().spec(session.demo(name + ".script.pt"), machine);
    }
}
