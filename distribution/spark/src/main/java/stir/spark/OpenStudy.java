package stir.spark;

import java.nio.file.Path;
import stir.api.Scope;
import stir.api.UsageException;
import stir.core.runtime.machine.HostName;
import stir.core.study.CheckedExperiment;
import stir.core.study.StudyUnits;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.StudiedModel;

/**
 * A study that this process has joined. Not thread-safe.
 *
 * @param checked the experiment, which owns the open models
 */
record OpenStudy(CheckedExperiment checked, StudyUnits units) implements AutoCloseable {
    /**
     * Joins a study that the driver has prepared.
     *
     * @param command the command of the driver
     * @param place the folder that its paths are relative to
     * @param threads the threads per unit, unless the command sets them
     * @throws UsageException if this machine does not see the study, or sees other files than the
     *     driver
     */
    static OpenStudy of(SparkCommand command, Path place, StirHome home, int threads) {
        StudyUnits.checkSeen(command.folder(place));
        var stir = ExecutorProcess.here().stir(home);
        var file = command.experiment.read(place);
        var checked = stir.check(
                command.experiment.threads().isPresent()
                        ? file
                        : file.changed(experiment -> withThreads(experiment, threads)));
        try {
            if (!checked.problems().isEmpty()) {
                throw new UsageException(
                        "Host %s reports a problem that the driver does not have (%s): share the same files with all machines."
                                .formatted(HostName.here(), checked.problems().get(0)));
            }
            var units = checked.units(command.folder(place), command.options());
            units.join();
            return new OpenStudy(checked, units);
        } catch (RuntimeException | Error e) {
            checked.close();
            throw e;
        }
    }

    private static Experiment withThreads(Experiment experiment, int threads) {
        var models = experiment.models().stream()
                .map(model -> withThreads(model, threads))
                .toList();
        return experiment.toBuilder().models(models).build();
    }

    private static StudiedModel withThreads(StudiedModel model, int threads) {
        return model.withSpec(model.spec().withThreads(threads));
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            scope.own(checked);
            scope.own(units);
        }
    }
}
