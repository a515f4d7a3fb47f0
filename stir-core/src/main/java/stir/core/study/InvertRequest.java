package stir.core.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.InversionSettings;
import stir.core.network.Network;
import stir.core.study.names.NetworkNames;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedSearch;

/**
 * A request for the invariant inputs of one network. Immutable: each {@code with} method returns a
 * copy.
 *
 * @param reference the network; the caller retains ownership
 * @param inputs the inputs, before the network's preprocessing
 * @param settings the settings of the search
 * @param folder the results folder, from which the invariant inputs are read on demand; empty to
 *     keep them in memory
 * @param options the options of the run
 * @param listener the receiver of progress and cautions, on the calling thread and the threads of
 *     the search
 * @since 0.1.0
 */
public record InvertRequest(
        Network reference,
        Inputs inputs,
        InversionSettings settings,
        Optional<Path> folder,
        RunOptions options,
        StudyListener listener) {
    /** Refuses null. */
    public InvertRequest {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(listener, "listener");
    }

    /**
     * Returns a request in memory and in silence.
     *
     * @param reference the network; the caller retains ownership
     * @param inputs the inputs
     * @param settings the settings of the search
     */
    public static InvertRequest of(Network reference, Inputs inputs, InversionSettings settings) {
        return new InvertRequest(
                reference, inputs, settings, Optional.empty(), RunOptions.DEFAULT, StudyListener.SILENT);
    }

    /**
     * Returns the searches as an experiment of one model that is named like its file.
     *
     * @param repeats the number of repeats of the search
     */
    Experiment experiment(int repeats) {
        var model = StudiedModel.of(NetworkNames.ofFile(reference.name()), reference.spec());
        return Experiment.builder(InputsSpec.of(Path.of(inputs.facts().source())), List.of(model))
                .searches(List.of(StudiedSearch.of(settings)))
                .repeats(repeats)
                .build();
    }

    /** Returns a copy with other settings of the search. */
    public InvertRequest withSettings(InversionSettings other) {
        return new InvertRequest(reference, inputs, other, folder, options, listener);
    }

    /**
     * Returns a copy that stores results in a folder as soon as they are computed. The same
     * request, after its process was killed, continues with the same result.
     */
    public InvertRequest withFolder(Path other) {
        return new InvertRequest(reference, inputs, settings, Optional.of(other), options, listener);
    }

    /** Returns a copy with other options of the run. */
    public InvertRequest withOptions(RunOptions other) {
        return new InvertRequest(reference, inputs, settings, folder, other, listener);
    }

    /** Returns a copy that reports to a listener. */
    public InvertRequest withListener(StudyListener other) {
        return new InvertRequest(reference, inputs, settings, folder, options, other);
    }
}
