package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Processes that share the work of a study, as a cluster starts them. */
class ClusterIT {
    private static final String STUDY = """
            models:
              - {name: one, file: %s}
              - {name: other, file: %s}
            inputs: {path: %s, limit: 12}
            measures: [linear-cka]
            search: {optimizer: fast, iterations: 5}
            """;

    private static Path study(Path folder) throws IOException {
        var image = Image.built();
        return Files.writeString(
                folder.resolve("study.yaml"),
                STUDY.formatted(
                        image.demo("vgg_gelu0.onnx"),
                        image.demo("vgg_gelu1.onnx"),
                        image.demo("mnist500-images-idx3-ubyte")));
    }

    /** Returns a part of a study; without more words, all of it in one process. */
    private static Launch matrix(Path study, Path out, String... more) {
        return launch(List.of("matrix", study.toString(), "--out", out.toString(), "--quiet"), more);
    }

    private static Launch launch(List<String> command, String... more) {
        var words = new ArrayList<>(command);
        words.addAll(List.of(more));
        if (more.length > 0) {
            words.add(0, "cluster");
        }
        return Image.built().stir(words.toArray(String[]::new));
    }

    @Test
    void twoProcessesOneOfThemKilledFindWhatOneProcessFinds() throws Exception {
        var folder = Image.scratch("shards");
        var study = study(folder);
        var shared = folder.resolve("out");
        var first = matrix(study, shared, "--stage", "search", "--shard", "0/2").start();
        while (!hasRows(shared) && first.process().isAlive()) {
            Thread.sleep(10);
        }
        first.kill();
        var second =
                matrix(study, shared, "--stage", "search", "--shard", "1/2").start();
        var again = matrix(study, shared, "--stage", "search", "--shard", "0/2").start();
        second.end().done();
        again.end().done();

        var early = matrix(study, shared, "--finish", "--format", "json").run();
        assertEquals(1, early.code(), early.err());
        assertTrue(early.out().contains("\"score/one/other\""), early.out());
        assertTrue(early.out().contains(" --stage score --shard 0/1\""), early.out());

        var scores = matrix(study, shared, "--stage", "score", "--shard", "0/2").start();
        matrix(study, shared, "--stage", "score", "--shard", "1/2").run().done();
        scores.end().done();
        matrix(study, shared, "--finish").run().done();

        var whole = folder.resolve("whole").resolve("out");
        matrix(study, whole).run().done();
        assertEquals(KillIT.bytes(whole), KillIT.bytes(shared));
    }

    private static boolean hasRows(Path folder) throws IOException {
        if (!Files.isDirectory(folder.resolve("searches"))) {
            return false;
        }
        try (var files = Files.walk(folder.resolve("searches"))) {
            return files.anyMatch(file -> file.toString().endsWith(".rows"));
        } catch (UncheckedIOException e) { // a file was renamed meanwhile
            return false;
        }
    }

    /** A stand-in for Slurm: runs each job of an array at once, and prints a number. */
    private static final String SBATCH = """
            #!/bin/sh
            last=0
            for word in "$@"; do
                case "$word" in
                --array=0-*) last=${word#--array=0-} ;;
                esac
                command=$word
            done
            index=0
            while [ $index -le $last ]; do
                SLURM_ARRAY_TASK_ID=$index sh -c "$command" >>"$JOBS" 2>&1 || exit 1
                index=$((index + 1))
            done
            echo "17;cluster"
            """;

    @Test
    void theScriptForSlurmDoesAllOfTheWork() throws Exception {
        var folder = Image.scratch("slurm it's");
        var study = study(folder);
        var shared = folder.resolve("out");
        var script = matrix(study, shared, "--slurm", "2").run().done();
        var bin = Files.createDirectories(folder.resolve("bin"));
        var sbatch = Files.writeString(bin.resolve("sbatch"), SBATCH);
        assertTrue(sbatch.toFile().setExecutable(true));
        var run = Files.writeString(folder.resolve("run.sh"), script);
        var jobs = folder.resolve("jobs.txt");
        var ended = new Launch(List.of("/bin/sh", run.toString()))
                .with("PATH", bin + ":/usr/bin:/bin")
                .with("JOBS", jobs.toString())
                .run();
        assertEquals(0, ended.code(), () -> ended.err() + ended.out() + text(jobs));
        assertEquals("submitted: search 17;cluster, score 17;cluster, results 17;cluster\n", ended.out());
        assertTrue(Files.exists(shared.resolve("results.csv")));
        var again = matrix(study, shared, "--finish", "--format", "json").run().document();
        assertEquals(0, again.path("work").path("comparisons").asInt());
        assertEquals(0, again.path("work").path("inversions").asInt());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void theJobsForKubernetesAreReadAsYaml() throws Exception {
        var folder = Image.scratch("kubernetes");
        var shared = folder.resolve("out");
        var yaml = matrix(study(folder), shared, "--kubernetes", "4").run().done();
        var documents = StreamSupport.stream(
                        new Load(LoadSettings.builder().build())
                                .loadAllFromString(yaml)
                                .spliterator(),
                        false)
                .map(Map.class::cast)
                .toList();
        assertEquals(3, documents.size());
        var command = Pattern.compile("--stage score --shard \\$\\$JOB_COMPLETION_INDEX/4");
        var spec = (Map<?, ?>) Objects.requireNonNull(documents.get(1).get("spec"));
        assertEquals(4, spec.get("completions"));
        assertEquals(true, spec.get("suspend"));
        assertTrue(command.matcher(spec.toString()).find(), spec::toString);
        assertTrue(Files.exists(shared.resolve("study.json")), "prepared");
    }

    @Test
    void mistakesAreOneSentence() throws Exception {
        var folder = Image.scratch("shard-mistakes");
        var study = study(folder);
        var shared = folder.resolve("out");
        var none = matrix(study, shared, "--stage", "search", "--shard", "16/16")
                .run()
                .failure(2);
        assertTrue(none.contains("There is no shard 16/16: 16 shards are counted from 0/16"), none);
        var bare = matrix(study, shared, "--shard", "0/2").run().failure(2);
        assertTrue(bare.contains("add --stage search or --stage score"), bare);
        var force = matrix(study, shared, "--stage", "search", "--force").run().failure(2);
        assertTrue(force.contains("--force cannot be used with --stage"), force);
        var early = matrix(study, shared, "--stage", "score").run().failure(2);
        assertTrue(early.contains("does not see the searches in"), early);
        assertTrue(!Files.exists(shared), "nothing was written");
    }

    @Test
    void aScoreIsAStudyOfTwo() throws Exception {
        var image = Image.built();
        var folder = Image.scratch("score-shards");
        var shared = folder.resolve("out");
        var whole = folder.resolve("whole").resolve("out");
        var printed = score(image, whole).run().done();
        for (int index = 0; index < 2; index++) {
            score(image, shared, "--stage", "search", "--shard", index + "/2")
                    .run()
                    .done();
        }
        score(image, shared, "--stage", "score").run().done();
        assertEquals(
                KillIT.words(printed, whole),
                KillIT.words(score(image, shared, "--finish").run().done(), shared));
        assertEquals(KillIT.bytes(whole), KillIT.bytes(shared));
    }

    private static Launch score(Image image, Path out, String... more) {
        var words = new ArrayList<>(List.of(
                "score",
                image.demo("vgg_gelu0.onnx"),
                image.demo("vgg_gelu1.onnx"),
                "--inputs",
                image.demo("mnist500-images-idx3-ubyte")));
        words.addAll(List.of("--limit", "12", "--iterations", "5", "--quiet"));
        words.addAll(List.of("--out", out.toString()));
        return launch(words, more);
    }
}
