package stir.cli.command;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stir.cli.option.ShardOptions;

/** {@code stir cluster}: the work of a score or a study, divided among machines. */
@Command(
        name = "cluster",
        description = {
            "Divides the work of a score or a study among machines that share a folder.",
            "",
            "The words after `cluster` are those of `stir score` or `stir matrix`, with --out, a"
                    + " folder that all machines see, and one of: --slurm or --kubernetes, which"
                    + " print a script; --stage with --shard, the work of one machine; --finish,"
                    + " which writes the results. The results are the same as from one process."
        },
        subcommands = {ClusterCommand.DividedScore.class, ClusterCommand.DividedMatrix.class},
        footer = {
            "",
            "Examples:",
            "  stir cluster matrix study.yaml --out /shared/study --slurm 16 > run.sh",
            "      prints a script for Slurm",
            "  stir cluster matrix study.yaml --out /shared/study --stage search \\",
            "      --shard 3/16",
            "      does the fourth of sixteen shares of the searches",
            "  stir cluster matrix study.yaml --out /shared/study --finish",
            "      writes the results",
            "  stir help cluster matrix --all"
        })
final class ClusterCommand implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name the work: stir cluster score, or stir cluster matrix");
    }

    /** A score whose work is divided. */
    @Command(
            name = "score",
            modelTransformer = ScoreCommand.WithNetworks.class,
            description = {
                "Divides a score among machines, or continues it on another CPU type.",
                "",
                "All other options are those of `stir score`."
            },
            footer = {
                "",
                "Examples:",
                "  stir cluster score a.pt b.pt --inputs x.npy --out /shared/result \\",
                "      --stage search --shard 3/16",
                "  stir cluster score a.pt b.pt --inputs x.npy --out /shared/result --finish"
            })
    static final class DividedScore extends ScoreCommand {
        @Mixin
        ShardOptions shards = new ShardOptions();

        @Override
        Optional<ShardOptions> shards() {
            return Optional.of(shards);
        }
    }

    /** A study whose work is divided. */
    @Command(
            name = "matrix",
            description = {
                "Divides a study among machines, or continues it on another CPU type.",
                "",
                "All other options, and the experiment file, are those of `stir matrix`."
            },
            footer = {
                "",
                "Examples:",
                "  stir cluster matrix study.yaml --out /shared/study --slurm 16 > run.sh",
                "  stir cluster matrix study.yaml --out /shared/study --stage search \\",
                "      --shard 3/16",
                "  stir cluster matrix study.yaml --out /shared/study --finish"
            })
    static final class DividedMatrix extends MatrixCommand {
        @Mixin
        ShardOptions shards = new ShardOptions();

        @Override
        Optional<ShardOptions> shards() {
            return Optional.of(shards);
        }
    }
}
