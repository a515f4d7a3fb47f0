package stir.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import stir.api.DataException;
import stir.api.UsageException;
import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;
import stir.core.study.plan.Unit;

/**
 * The location of a study, from which an executor opens it: the executor reads the experiment file
 * again, by the path that all machines share, since paths in the file are relative to it. The
 * executor checks that the file, the models and the inputs are those of the driver.
 *
 * @param arguments the arguments of the command
 * @param workingFolder the driver's folder, which relative paths of the arguments belong to
 * @param home the unpacked archive
 * @param threads the threads per unit, at least 1, unless the arguments set them
 */
record StudyPlace(List<String> arguments, String workingFolder, String home, int threads) implements Serializable {
    /** Copies the arguments into a list that can be serialised. */
    StudyPlace {
        arguments = List.copyOf(arguments);
    }

    /** A listener that collects notes. */
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
     * @throws UsageException if this machine does not see the study, or sees other files than the
     *     driver
     */
    OpenStudy open() {
        var command = SparkCommand.parsed(arguments);
        return OpenStudy.of(command, Path.of(workingFolder), new StirHome(Path.of(home)), threads);
    }

    /**
     * Runs a unit, unless another attempt has done so. A failure that any machine would have
     * becomes an outcome; others, a lost disk for example, are thrown, so that Spark tries again
     * elsewhere.
     */
    UnitOutcome run(String text) {
        var notes = new Notes(new ArrayList<>());
        try {
            var unit = Unit.parse(text);
            ExecutorProcess.here().with(this, study -> {
                if (study.units().isMissing(unit)) {
                    study.units().run(unit, notes);
                }
            });
            return new UnitOutcome(text, "", notes.all());
        } catch (UsageException | DataException e) {
            return new UnitOutcome(text, String.valueOf(e.getMessage()), notes.all());
        }
    }
}
