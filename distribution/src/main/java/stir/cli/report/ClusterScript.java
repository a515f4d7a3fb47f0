package stir.cli.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.io.files.ExistingPath;

/**
 * A script that submits the shards of a study to a cluster, for a user to read and to change.
 *
 * @param arguments the arguments of the command that runs the whole study, quoted for a shell
 * @param folder a folder that all machines share
 * @param home the folder of Stir's installation; null if it is unknown
 */
public record ClusterScript(
        String arguments, Path folder, @Nullable String home) {
    /**
     * Creates a script.
     *
     * @throws UsageException if a name has a line break or another control character
     */
    public ClusterScript {
        var here = Path.of("").toAbsolutePath().toString();
        for (var text : List.of(arguments, folder.toString(), here, String.valueOf(home))) {
            var broken = ExistingPath.lineBreak(text);
            if (broken.isPresent()) {
                throw new UsageException(broken.get());
            }
        }
    }

    /** Returns the line that a job runs. */
    private String line(String program, String more) {
        var document =
                ShellWord.of(folder.toAbsolutePath().resolve("study.json").toString());
        return "test -e %s || { echo \"Host $(hostname) does not see %s: use a folder that all machines share.\" >&2; exit 2; }; exec %s %s %s"
                .formatted(
                        document,
                        folder.toAbsolutePath().toString().replaceAll("[\"$`\\\\]", "_"),
                        program,
                        arguments,
                        more);
    }

    private String program() {
        return home == null ? "stir" : ShellWord.of(Path.of(home, "bin", "stir").toString());
    }

    private static String shard(String stage, int count, String index) {
        return "--stage %s --shard %s/%d".formatted(stage, index, count);
    }

    /**
     * Returns a script that submits both stages and then the results, each after those before it.
     */
    public String slurm(int count) {
        var index = "$SLURM_ARRAY_TASK_ID";
        return """
        #!/bin/sh
        # Submits a study of Stir to Slurm: %1$d jobs search, then %1$d jobs score, then one writes the results.
        # What each job asks for goes into SBATCH, for example
        #   SBATCH="--partition=gpu --gpus=1 --cpus-per-task=8 --mem=16G --time=04:00:00" sh run.sh
        # (Slurm sets CUDA_VISIBLE_DEVICES; add --device cuda to the commands for its use.)
        # A job that failed or was killed may be submitted again by itself; finished work is kept.
        set -eu
        SBATCH=${SBATCH:-}
        search=$(sbatch --parsable $SBATCH --job-name=stir-search --array=0-%2$d --wrap %3$s)
        score=$(sbatch --parsable $SBATCH --job-name=stir-score --array=0-%2$d --dependency="afterok:${search%%%%;*}" --wrap %4$s)
        finish=$(sbatch --parsable $SBATCH --job-name=stir-finish --dependency="afterok:${score%%%%;*}" --wrap %5$s)
        echo "submitted: search $search, score $score, results $finish"
        """.formatted(
                        count,
                        count - 1,
                        ShellWord.of(line(program(), shard("search", count, index))),
                        ShellWord.of(line(program(), shard("score", count, index))),
                        ShellWord.of(line(program(), "--finish")));
    }

    /** Returns Indexed Jobs, one per stage, of which the later ones wait to be resumed. */
    public String kubernetes(int count) {
        var index = "$JOB_COMPLETION_INDEX";
        return """
                # A study of Stir as indexed Jobs for Kubernetes (1.29 or later): %1$d pods search, %1$d score, one writes
                # the results. Name an image that holds Stir, and a volume that all pods share, in which
                # models, inputs and %2$s lie. The later Jobs are suspended until you resume them:
                #   kubectl apply -f jobs.yaml
                #   kubectl wait --for=condition=complete --timeout=-1s job/stir-search
                #   kubectl patch job stir-score -p '{"spec":{"suspend":false}}'
                #   kubectl wait --for=condition=complete --timeout=-1s job/stir-score
                #   kubectl patch job stir-finish -p '{"spec":{"suspend":false}}'
                # A pod that dies is tried again; exit codes 2 (wrong usage) and 3 (data that can't be used) are not.
                """.formatted(count, folder)
                + job("search", count, false, shard("search", count, index))
                + "---\n"
                + job("score", count, true, shard("score", count, index))
                + "---\n"
                + job("finish", 1, true, "--finish");
    }

    private String job(String stage, int count, boolean suspended, String more) {
        var absolute = folder.toAbsolutePath().normalize();
        var parent = absolute.getParent();
        return String.format(
                Locale.ROOT,
                """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: stir-%1$s
                spec:
                  suspend: %2$s
                  completionMode: Indexed
                  completions: %3$d
                  parallelism: %3$d
                  backoffLimitPerIndex: 3
                  podFailurePolicy:
                    rules:
                      - action: FailIndex
                        onExitCodes: {containerName: stir, operator: In, values: [2, 3]}
                  template:
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: stir
                          image: stir:%4$s
                          workingDir: %5$s
                          command: [sh, -c, %6$s]
                          resources:
                            requests: {cpu: "4", memory: 8Gi}
                            # limits: {nvidia.com/gpu: 1}   and --device cuda in the command
                          volumeMounts:
                            - {name: shared, mountPath: %7$s}
                      volumes:
                        - name: shared
                          persistentVolumeClaim: {claimName: stir}
                """,
                stage,
                suspended,
                count,
                Stir.version(),
                yaml(Path.of("").toAbsolutePath().toString()),
                yaml(line("stir", more).replace("$", "$$")), // Kubernetes reads $(...) and $$
                yaml((parent == null ? absolute : parent).toString()));
    }

    /** Returns a text between single quotes, as YAML reads it. */
    private static String yaml(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
