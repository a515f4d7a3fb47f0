package stir.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import stir.api.BackendException;
import stir.api.StirException;
import stir.core.study.UnitRunner;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

/**
 * A runner of units on Spark's executors, with one job per stage and one task per unit.
 *
 * @param spark the context of the jobs; the caller retains ownership
 * @param place the location from which executors open the study
 * @param progress the listener that receives the stages; the caller adds it to Spark's listeners
 */
record SparkRunner(JavaSparkContext spark, StudyPlace place, SparkProgress progress) implements UnitRunner {
    /** The most tasks per stage, since Spark's driver keeps several kB per task. */
    private static final int MOST_TASKS = 50_000;

    @Override
    public Map<Unit, String> run(Stage stage, List<Unit> units) {
        var texts = units.stream().map(Unit::toString).toList();
        int tasks = Math.min(texts.size(), MOST_TASKS);
        var name = stage.word();
        progress.begin(name, units, tasks);
        spark.setJobDescription("stir " + name);
        var at = place; // a lambda with this runner could not be serialised
        List<UnitOutcome> outcomes;
        try {
            outcomes = spark.parallelize(texts, tasks).map(at::run).collect();
            progress.complete();
        } catch (Exception e) { // Scala's methods throw undeclared checked exceptions, too
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

    /** Returns the failure of a job: of a task after all of its attempts, or of Spark itself. */
    private static RuntimeException failure(String stage, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof StirException) {
                return new BackendException(
                        "A unit of the stage %s failed in all attempts (%s): fix this, and run the same command again, which continues."
                                .formatted(stage, cause.getMessage()),
                        e);
            }
        }
        if (e instanceof SparkException || e instanceof IllegalStateException) {
            return new BackendException(
                    "Spark ended the stage %s (%s): run the same command again, which continues."
                            .formatted(stage, firstLine(e)),
                    e);
        }
        return e instanceof RuntimeException defect ? defect : new IllegalStateException(e);
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }
}
