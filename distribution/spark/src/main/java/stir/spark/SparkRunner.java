package stir.spark;

import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;

import stir.api.BackendException;
import stir.api.StirException;
import stir.core.study.UnitRunner;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has units done by Spark's executors: a job for each stage, and a task for each unit. */
final class SparkRunner implements UnitRunner {
    /**
     * Spark's driver keeps several kB for each task; with more units than this, a task has some.
     */
    private static final int MOST_TASKS = 50_000;

    private final JavaSparkContext spark;
    private final StudyPlace place;
    private final SparkProgress progress;

    /**
     * A runner.
     *
     * @param spark where jobs are run; stays its owner's
     * @param place what executors have to know
     * @param progress hears of the stages; it is one of Spark's listeners
     */
    SparkRunner(JavaSparkContext spark, StudyPlace place, SparkProgress progress) {
        this.spark = spark;
        this.place = place;
        this.progress = progress;
    }

    @Override
    public Map<Unit, String> run(Stage stage, List<Unit> units) {
        var texts = units.stream().map(Unit::text).toList();
        int tasks = Math.min(texts.size(), MOST_TASKS);
        var name = stage.word();
        progress.begin(name, texts.size(), tasks);
        spark.setJobDescription("stir " + name);
        var at = place; // not this runner, which can't be serialised
        List<Outcome> outcomes;
        try {
            outcomes = spark.parallelize(texts, tasks).map(at::run).collect();
            progress.complete();
        } catch (Exception e) { // Scala's methods throw checked ones, too, which Java does not see
            throw failure(name, e);
        } finally {
            progress.end();
        }
        var failed = new LinkedHashMap<Unit, String>();
        for (var outcome : outcomes) {
            outcome.notes().forEach(progress::note);
            if (!outcome.failure().isEmpty()) {
                failed.put(Unit.parse(outcome.unit()), outcome.failure());
            }
        }
        return failed;
    }

    /** What ends the job: a task that failed as often as Spark tries, or Spark's own end. */
    private static RuntimeException failure(String stage, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof StirException) {
                return new BackendException(
                        "A unit of the stage %s failed as often as Spark tries (%s): mend this, and run the same command again, which goes on."
                                .formatted(stage, cause.getMessage()),
                        e);
            }
        }
        if (e instanceof SparkException || e instanceof IllegalStateException) {
            return new BackendException(
                    "Spark ended the stage %s (%s): run the same command again, which goes on."
                            .formatted(stage, firstLine(e)),
                    e);
        }
        return e instanceof RuntimeException defect ? defect : new IllegalStateException(e);
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }
}
