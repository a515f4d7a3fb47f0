package stir.cli.option;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import stir.cli.console.ExitCode;
import stir.cli.report.ClusterScript;
import stir.cli.report.MissingReport;
import stir.cli.report.ShardReport;
import stir.core.study.CheckedExperiment;
import stir.core.study.RunOptions;
import stir.core.study.StudyListener;
import stir.core.study.plan.Shard;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** How a command's work is divided among machines that share a folder. */
public final class ShardOptions {
    private static final String STAGE = "--stage";
    private static final String SHARD = "--shard";
    private static final String FINISH = "--finish";
    private static final String SLURM = "--slurm";
    private static final String KUBERNETES = "--kubernetes";

    /** Options that only one process at a time may use. */
    private static final List<String> NOT_OF_SHARDS = List.of("--force", "--dry-run");

    /** What a user calls the stages. */
    public enum StageWord {
        search,
        score
    }

    @Option(
            names = STAGE,
            paramLabel = "STAGE",
            description =
                    "Does one stage of the work alone: search, then score. With --shard, many machines share it.")
    Optional<StageWord> stage = Optional.empty();

    @Option(
            names = SHARD,
            paramLabel = "I/N",
            description =
                    "Does a fixed share of the stage: that of process I of N, counted from 0. All N share the folder --out; each may be stopped and run again.")
    Optional<Shard> shard = Optional.empty();

    @Option(
            names = FINISH,
            description =
                    "Writes the results once all shards are done; before that, says what is missing and which command makes it.")
    boolean finish;

    @Option(
            names = SLURM,
            paramLabel = "N",
            description =
                    "Prepares the folder --out, and prints a script that submits the work to Slurm as arrays of N jobs. Nothing is submitted.")
    Optional<Integer> slurm = Optional.empty();

    @Option(
            names = KUBERNETES,
            paramLabel = "N",
            description =
                    "Prepares the folder --out, and prints indexed Jobs of N pods for Kubernetes, as YAML. Nothing is submitted.")
    Optional<Integer> kubernetes = Optional.empty();

    /** The names of options that tell which part of the work is done, not which work it is. */
    static Set<String> names() {
        return Set.of(STAGE, SHARD, FINISH, SLURM, KUBERNETES);
    }

    /** Whether the command does a part of the work, or prepares it, rather than all of it. */
    public boolean divides() {
        return stage.isPresent()
                || shard.isPresent()
                || finish
                || slurm.isPresent()
                || kubernetes.isPresent();
    }

    /**
     * Makes sure that the options go together.
     *
     * @param folder that is shared, if one was named
     * @throws ParameterException if they do not
     */
    public void check(CommandLine command, Optional<Path> folder) {
        long ways =
                Stream.of(
                                stage.isPresent() || shard.isPresent(),
                                finish,
                                slurm.isPresent(),
                                kubernetes.isPresent())
                        .filter(given -> given)
                        .count();
        if (ways > 1) {
            throw new ParameterException(
                    command,
                    "--stage with --shard, --finish, --slurm and --kubernetes are different commands: give one of them");
        }
        if (shard.isPresent() && stage.isEmpty()) {
            throw new ParameterException(
                    command, "--shard needs a stage: add --stage search or --stage score");
        }
        if (folder.isEmpty()) {
            throw new ParameterException(
                    command, "shards need a folder that all machines share: add --out DIR");
        }
        if (stage.isPresent()) {
            for (var option : NOT_OF_SHARDS) {
                if (command.getParseResult().hasMatchedOption(option)) {
                    throw new ParameterException(
                            command,
                            option
                                    + " can't go with --stage, since others work in the folder: leave it out");
                }
            }
        }
        for (var count : List.of(slurm, kubernetes)) {
            if (count.isPresent() && count.get() < 1) {
                throw new ParameterException(command, "there must be at least 1 shard");
            }
        }
    }

    /**
     * Does a part of the work, or prepares it.
     *
     * @param checked the work, which has no mistakes
     * @param folder that is shared
     * @return the exit code; empty if nothing is missing, so that the results can be written
     */
    public Optional<Integer> run(
            CheckedExperiment checked,
            Path folder,
            RunOptions options,
            StudyListener listener,
            FormatOption format,
            CommandLine command) {
        var sharded = checked.sharded();
        if (finish) {
            var missing = sharded.missing(folder, options);
            if (missing.isEmpty()) {
                return Optional.empty();
            }
            format.print(new MissingReport(missing, RepeatedCommand.of(command)), command);
            return Optional.of(ExitCode.FAILED);
        }
        if (stage.isPresent()) {
            var which = shard.orElse(Shard.WHOLE);
            var outcome =
                    stage.get() == StageWord.search
                            ? sharded.search(folder, which, options, listener)
                            : sharded.score(folder, which, options, listener);
            format.print(new ShardReport(outcome), command);
            return Optional.of(
                    outcome.isComplete()
                            ? ExitCode.DONE
                            : outcome.failed().isEmpty() ? ExitCode.FAILED : ExitCode.UNITS_FAILED);
        }
        sharded.prepare(folder, options, listener);
        var script =
                new ClusterScript(
                        RepeatedCommand.arguments(command),
                        folder,
                        System.getProperty("stir.home"));
        command.getOut()
                .print(
                        slurm.isPresent()
                                ? script.slurm(slurm.get())
                                : script.kubernetes(kubernetes.get()));
        command.getOut().flush();
        return Optional.of(ExitCode.DONE);
    }
}
