package stir.cli.option;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import stir.cli.console.Messages;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.StudiedModel;

import java.nio.file.Path;
import java.util.Optional;

/** An experiment's file, and the options that count more than what it says. */
public final class ExperimentOptions {
    @Parameters(index = "0", paramLabel = "EXPERIMENT.yaml", description = "The experiment's file.")
    Path file = Path.of("");

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Takes the first N inputs only (default: what the file says, or all).")
    Optional<Integer> limit = Optional.empty();

    @Mixin FramingOptions framing = new FramingOptions();
    @Mixin ComparisonOptions comparison = new ComparisonOptions();
    @Mixin MachineOptions machine = new MachineOptions();

    /** The file, as it was named. */
    public Path file() {
        return file;
    }

    /**
     * The experiment of the file with what the options say otherwise. Mistakes of the file are in
     * the result.
     *
     * @param place what the file's name is relative to
     * @throws stir.api.UsageException if there is no such file, or an option is out of its range
     */
    public ExperimentFile read(Path place) {
        return ExperimentFile.read(place.resolve(file)).changed(this::overridden);
    }

    /** Warns of options that have no effect on this machine. */
    public void check(Messages messages) {
        machine.check(messages);
    }

    /** What was asked for and can't be had. */
    public Optional<String> warning() {
        return machine.warning();
    }

    /** How many threads were asked for. */
    public Optional<Integer> threads() {
        return machine.threads;
    }

    /** Whether representations are kept. */
    public boolean keepsRepresentations() {
        return comparison.keepsRepresentations();
    }

    private Experiment overridden(Experiment experiment) {
        var changed = experiment.withInputs(framing.over(experiment.inputs()));
        if (limit.isPresent()) {
            changed = changed.withLimit(limit.get());
        }
        var memory = comparison.memory();
        if (memory.isPresent()) {
            changed = changed.withMemory(memory.get());
        }
        return changed.withModels(changed.models().stream().map(this::overridden).toList());
    }

    private StudiedModel overridden(StudiedModel model) {
        var spec = model.spec();
        return new StudiedModel(
                model.name(), spec.withResources(machine.over(spec.resources())), model.layers());
    }
}
