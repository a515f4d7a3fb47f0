package stir.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.api.DataException;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.cli.console.ExitCode;
import stir.cli.console.Resumable;
import stir.cli.option.MachineOptions;
import stir.cli.option.OutputOptions;
import stir.cli.option.TimeOption;
import stir.cli.report.Claim;
import stir.cli.report.ScoreReport;
import stir.core.io.files.ContentHash;
import stir.core.study.plan.StudyPlan;

/** {@code stir verify}: the repetition of a claimed score. */
@Command(
        name = "verify",
        description = {
            "Repeats a claimed score and compares it with the claim.",
            "",
            "A claim is the document that `stir score` writes: result.json of --out, or the output"
                    + " of --format json. Its command runs again, on networks and inputs with the"
                    + " claimed SHA-256. The claim is confirmed if both directions have the same"
                    + " verdicts, and STIR and similarity agree within their intervals for each"
                    + " measure; otherwise the exit code is 1.",
            "Options of machines may differ from the claim's. Plug-ins of the claim are not"
                    + " loaded: name them with --plugins."
        },
        footer = {
            "",
            "Examples:",
            "  stir verify claim.json",
            "  stir verify claim.json --models networks/ --inputs photos/ --cpu-isa avx2"
        })
final class VerifyCommand implements Callable<Integer>, Resumable {
    /** Options of a claim that change no score, or depend on the machine, or load code. */
    private static final Set<String> LEFT_OUT = Set.of(
            ("--out --force --format --details --dry-run --keep-representations --timeout" + " --cpu-isa --plugins")
                    .split(" ", -1));

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "CLAIM.json", description = "Document of a score.")
    Path file = Path.of("");

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "Folder in which the networks are found by their SHA-256 (default: the paths" + " of the claim).")
    Optional<Path> models = Optional.empty();

    @Option(
            names = "--inputs",
            paramLabel = "DIR|FILE",
            description = "The claimed inputs (default: the path of the claim).")
    Path inputs = Path.of("");

    @Mixin
    MachineOptions machine = new MachineOptions();

    @Mixin
    TimeOption time = new TimeOption();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Override
    public Optional<Path> kept() {
        return output.kept();
    }

    @Override
    public Integer call() {
        var claim = Claim.read(file);
        var score = new Repetition(claim, spec.commandLine());
        var line = new CommandLine(score);
        FrontEnd.of(new CommandLine(spec.root().userObject()).addSubcommand(line), () -> false)
                .setExpandAtFiles(false) // the claim may be a stranger's
                .setOut(spec.commandLine().getOut())
                .setErr(spec.commandLine().getErr())
                .parseArgs(claim.arguments().toArray(String[]::new));
        for (var option : line.getCommandSpec().options()) {
            var own = spec.findOption(option.longestName());
            if (spec.commandLine().getParseResult().hasMatchedOption(option.longestName())) {
                option.setValue(own.getValue());
            } else if (LEFT_OUT.contains(option.longestName())) {
                option.setValue(option.initialValue());
            }
        }
        score.a = network(score.a, claim.hash(0));
        score.b = network(score.b, claim.hash(1));
        return score.call();
    }

    /** The score of a claim, compared with the claim in place of being printed. */
    @Command(name = "score", modelTransformer = ScoreCommand.WithNetworks.class)
    private static final class Repetition extends ScoreCommand {
        private final Claim claim;
        private final CommandLine command;

        Repetition(Claim claim, CommandLine command) {
            this.claim = claim;
            this.command = command;
        }

        @Override
        void planned(StudyPlan plan) {
            claim.check(plan, command.getOut());
        }

        @Override
        int print(ScoreReport report) {
            claim.compare(report, command.getOut());
            return ExitCode.DONE;
        }
    }

    /** Returns the file of a network: the named one, or the one with the hash among the models. */
    private Path network(Path named, String hash) {
        if (models.isEmpty()) {
            return named;
        }
        var name = Optional.ofNullable(named.getFileName()).orElse(named); // it is a stranger's
        try (var paths = Files.walk(models.get())) {
            return paths.filter(path -> Files.isRegularFile(path) || path.endsWith(name))
                    .sorted(Comparator.comparing(path -> !path.endsWith(name)))
                    .filter(path -> ContentHash.of(path).equals(hash))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("%s has no network with the claimed SHA-256 of %s (%s)."
                            .formatted(models.get(), name, hash)));
        } catch (UncheckedIOException e) {
            throw new DataException("%s could not be read (%s).".formatted(models.get(), e.getMessage()), e);
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(models.get(), IoReason.of(e)), e);
        }
    }
}
