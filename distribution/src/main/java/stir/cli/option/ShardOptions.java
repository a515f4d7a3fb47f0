package stir.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import stir.cli.console.ExitCode;
import stir.cli.report.ClusterScript;
import stir.cli.report.CommandText;
import stir.cli.report.MissingReport;
import stir.cli.report.ShardReport;
import stir.core.study.CheckedExperiment;
import stir.core.study.RunOptions;
import stir.core.study.StudyListener;
import stir.core.study.plan.Shard;

/** The division of a command's work among machines that share a folder. */
public final class ShardOptions {
    private static final String STAGE = "--stage";
    private static final String SHARD = "--shard";
    private static final String FINISH = "--finish";
    private static final String SLURM = "--slurm";
    private static final String KUBERNETES = "--kubernetes";
    static final String MIXED = "--allow-mixed-machines";

    /** Options that are valid only for a single process. */
    private static final List<String> NOT_OF_SHARDS = List.of("--force", "--dry-run");

    /** The stages, by their names on the command line. */
    public enum StageWord {
        search,
        score
    }

    @Option(
            names = STAGE,
            paramLabel = "STAGE",
            description =
                    "Do only one stage of the work: search, then score. With --shard, many" + " machines share it.")
    Optional<StageWord> stage = Optional.empty();

    @Option(
            names = SHARD,
            paramLabel = "I/N",
            description = "Do process I's share of the stage, of N (counted from 0). All N processes"
                    + " share the folder --out; each may be stopped and rerun.")
    Optional<Shard> shard = Optional.empty();

    @Option(
            names = FINISH,
            description = "Write the results once all shards are done; before that, list the"
                    + " missing work and the commands that do it.")
    boolean finish;

    @Option(
            names = SLURM,
            paramLabel = "N",
            description = "Prepare the folder --out, and print a script that submits the work"
                    + " to Slurm as arrays of N jobs. Nothing is submitted.")
    Optional<Integer> slurm = Optional.empty();

    @Option(
            names = KUBERNETES,
            paramLabel = "N",
            description = "Prepare the folder --out, and print indexed Jobs of N pods for"
                    + " Kubernetes, as YAML. Nothing is submitted.")
    Optional<Integer> kubernetes = Optional.empty();

    @Option(
            names = MIXED,
            description =
                    "Continue results of another CPU type or other library versions, whose last" + " bits differ.")
    boolean mixed;

    /** Returns whether results of another CPU type are continued. */
    public boolean mixesMachines() {
        return mixed;
    }

    /** Returns the names of the options that choose a part of the work, not the work itself. */
    static Set<String> names() {
        return Set.of(STAGE, SHARD, FINISH, SLURM, KUBERNETES);
    }

    /** Returns whether the command does or prepares only a part of the work. */
    public boolean divides() {
        return stage.isPresent() || shard.isPresent() || finish || slurm.isPresent() || kubernetes.isPresent();
    }

    /**
     * Checks the options for conflicts.
     *
     * @param folder the shared folder, if one was given
     * @throws ParameterException if options conflict
     */
    public void check(CommandLine command, Optional<Path> folder) {
        if (!divides()) {
            if (!mixed) {
                throw new ParameterException(
                        command, "Name the part of the work: add --slurm, --kubernetes, --stage or --finish");
            }
            return;
        }
        long modes = Stream.of(
                        stage.isPresent() || shard.isPresent(), finish, slurm.isPresent(), kubernetes.isPresent())
                .filter(given -> given)
                .count();
        if (modes > 1) {
            throw new ParameterException(
                    command,
                    "--stage with --shard, --finish, --slurm and --kubernetes exclude each"
                            + " other: use one of them");
        }
        if (shard.isPresent() && stage.isEmpty()) {
            throw new ParameterException(command, "--shard needs a stage: add --stage search or --stage score");
        }
        if (folder.isEmpty()) {
            throw new ParameterException(command, "shards need a folder that all machines share: add --out DIR");
        }
        if (stage.isPresent()) {
            for (var option : NOT_OF_SHARDS) {
                if (command.getParseResult().hasMatchedOption(option)) {
                    throw new ParameterException(
                            command,
                            option
                                    + " cannot be used with --stage, because other processes"
                                    + " work in the folder: omit it");
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
     * Runs or prepares a part of the work.
     *
     * @param checked the work, free of problems
     * @param folder the shared folder
     * @return the exit code; empty if nothing is missing, and the results can be written
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
            format.print(
                    new MissingReport(missing, RepeatedCommand.line(command).line()), command);
            return Optional.of(ExitCode.FAILED);
        }
        if (stage.isPresent()) {
            var which = shard.orElse(Shard.WHOLE);
            var outcome = stage.get() == StageWord.search
                    ? sharded.search(folder, which, options, listener)
                    : sharded.score(folder, which, options, listener);
            format.print(new ShardReport(outcome), command);
            return Optional.of(
                    outcome.isComplete()
                            ? ExitCode.DONE
                            : outcome.failed().isEmpty() ? ExitCode.FAILED : ExitCode.UNITS_FAILED);
        }
        var script = new ClusterScript(
                new CommandText(RepeatedCommand.arguments(command)).line(), folder, System.getProperty("stir.home"));
        sharded.prepare(folder, options, listener);
        command.getOut().print(slurm.isPresent() ? script.slurm(slurm.get()) : script.kubernetes(kubernetes.get()));
        command.getOut().flush();
        return Optional.of(ExitCode.DONE);
    }
}
