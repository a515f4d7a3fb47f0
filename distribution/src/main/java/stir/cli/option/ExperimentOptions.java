package stir.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import stir.cli.console.Messages;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.StudiedModel;

/** An experiment file and the options that override its contents. */
public final class ExperimentOptions {
    @Parameters(index = "0", paramLabel = "EXPERIMENT.yaml", description = "File of the experiment.")
    Path file = Path.of("");

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Use only the first N inputs (default: the file's limit, or all).")
    Optional<Integer> limit = Optional.empty();

    @Mixin
    ModelInputOptions given = new ModelInputOptions();

    @Mixin
    FramingOptions framing = new FramingOptions();

    @Mixin
    ComparisonOptions comparison = new ComparisonOptions();

    @Mixin
    MachineOptions machine = new MachineOptions();

    /** Returns the file as it was named. */
    public Path file() {
        return file;
    }

    /**
     * Reads the experiment and applies the options to it. Problems of the file are part of the
     * result.
     *
     * @param place the folder to which the file's name is relative
     * @throws stir.api.UsageException if there is no such file, or an option is out of its range
     */
    public ExperimentFile read(Path place) {
        return ExperimentFile.read(place.resolve(file)).changed(this::overridden);
    }

    /** Warns of options that have no effect on this machine. */
    public void check(Messages messages) {
        machine.check(messages);
    }

    /** Returns a warning of options that have no effect on this machine. */
    public Optional<String> warning() {
        return machine.warning();
    }

    /** Returns the number of threads; empty if none was given. */
    public Optional<Integer> threads() {
        return machine.threads;
    }

    /** Returns whether representations are kept. */
    public boolean keepsRepresentations() {
        return comparison.keepsRepresentations();
    }

    private Experiment overridden(Experiment experiment) {
        var names = experiment.models().stream().map(StudiedModel::name).toList();
        var changed = experiment.toBuilder()
                .inputs(framing.over(experiment.inputs()))
                .models(experiment.models().stream()
                        .map(model -> given.over(overridden(model), names))
                        .toList());
        limit.ifPresent(changed::limit);
        comparison.memory().given().ifPresent(changed::memory);
        return changed.build();
    }

    private StudiedModel overridden(StudiedModel model) {
        var spec = model.spec();
        return model.withSpec(spec.withResources(machine.over(spec.resources())));
    }
}
