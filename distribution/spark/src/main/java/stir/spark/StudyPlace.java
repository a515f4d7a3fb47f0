package stir.spark;

import stir.api.DataException;
import stir.api.UsageException;
import stir.core.progress.Progress;
import stir.core.progress.ProgressListener;
import stir.core.study.plan.Unit;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All that an executor has to know: it reads the experiment's file again, by the path that all
 * machines share. (A copy in the study's folder would not do, since paths in the file are relative
 * to it.) Whether the file, the models and the inputs are still the same is checked then.
 *
 * @param arguments of the command
 * @param workingFolder of the driver, which relative paths of the arguments belong to
 * @param home the unpacked archive
 * @param threads how many a unit may use, unless the arguments say otherwise; at least 1
 */
record StudyPlace(List<String> arguments, String workingFolder, String home, int threads)
        implements Serializable {
    /** Copies the arguments into a list that can be serialised. */
    StudyPlace {
        arguments = List.copyOf(arguments);
    }

    /** Notes what the user should know. */
    private record Notes(List<String> all) implements ProgressListener {
        @Override
        public void update(Progress progress) {}

        @Override
        public void note(String sentence) {
            all.add(sentence);
        }
    }

    /**
     * Opens the study.
     *
     * @throws UsageException if this machine does not see it, or another one than the driver
     */
    OpenStudy open() {
        var command = SparkCommand.parsed(arguments);
        return OpenStudy.of(command, Path.of(workingFolder), new StirHome(Path.of(home)), threads);
    }

    /**
     * Does a unit, if no other attempt has done it. What would fail wherever it is tried is an
     * outcome; anything else, a lost disk for example, is thrown, so that Spark tries again
     * elsewhere.
     */
    Outcome run(String text) {
        var notes = new Notes(new ArrayList<>());
        try {
            var unit = Unit.parse(text);
            ExecutorProcess.here()
                    .with(
                            this,
                            study -> {
                                if (study.units().isMissing(unit)) {
                                    study.units().run(unit, notes);
                                }
                            });
            return new Outcome(text, "", notes.all());
        } catch (UsageException | DataException e) {
            return new Outcome(text, String.valueOf(e.getMessage()), notes.all());
        }
    }
}
