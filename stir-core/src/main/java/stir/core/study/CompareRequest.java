package stir.core.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.network.Network;
import stir.core.score.ScoreSettings;
import stir.core.study.names.NetworkNames;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedSearch;

/**
 * A request to compare two networks. Immutable: each {@code with} method returns a copy.
 *
 * <pre>{@code
 * var request = CompareRequest.of(a, b, inputs).withFolder(Path.of("first")).withListener(listener);
 * }</pre>
 *
 * @param a the first network; the caller retains ownership
 * @param b the second network; the caller retains ownership
 * @param inputs the inputs of the two networks, before their preprocessing
 * @param headOfA the file of the first network's head, as {@link StudiedModel#head}
 * @param headOfB the file of the second network's head
 * @param settings the measures, the search and the repeats
 * @param folder the results folder; empty to keep results in memory
 * @param options the options of the run
 * @param listener the receiver of progress and cautions, on the calling thread and the threads of
 *     the search
 * @since 0.1.0
 */
public record CompareRequest(
        Network a,
        Network b,
        Inputs inputs,
        Optional<Path> headOfA,
        Optional<Path> headOfB,
        ScoreSettings settings,
        Optional<Path> folder,
        RunOptions options,
        StudyListener listener) {
    /** Refuses null. */
    public CompareRequest {
        Objects.requireNonNull(a, "a");
        Objects.requireNonNull(b, "b");
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(headOfA, "headOfA");
        Objects.requireNonNull(headOfB, "headOfB");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(listener, "listener");
    }

    /**
     * Returns a request with the default settings, in memory and in silence.
     *
     * @param a the first network; the caller retains ownership
     * @param b the second network; the caller retains ownership
     * @param inputs the inputs of the two networks
     */
    public static CompareRequest of(Network a, Network b, Inputs inputs) {
        return new CompareRequest(
                a,
                b,
                inputs,
                Optional.empty(),
                Optional.empty(),
                ScoreSettings.DEFAULT,
                Optional.empty(),
                RunOptions.DEFAULT,
                StudyListener.SILENT);
    }

    /**
     * Returns the comparison as an experiment of two models that are named like their files.
     *
     * @param lengths other numbers of iterations to compare after
     */
    Experiment experiment(List<Integer> lengths) {
        var names = NetworkNames.of(a.name(), layer(a), b.name(), layer(b));
        var first = StudiedSearch.of(settings.inversion());
        var searches = new ArrayList<>(List.of(first));
        for (int length : new LinkedHashSet<>(lengths)) {
            if (length != settings.inversion().iterations()) {
                var other = settings.inversion().withIterations(length);
                searches.add(new StudiedSearch(first.name() + "-" + length, other));
            }
        }
        var experiment = Experiment.pair(
                        InputsSpec.of(Path.of(inputs.facts().source())),
                        model(names.a(), a, headOfA),
                        model(names.b(), b, headOfB))
                .measures(settings.measures())
                .searches(searches)
                .repeats(settings.repeats())
                .reduction(settings.reduction())
                .memory(settings.memory());
        settings.protocol().ifPresent(experiment::protocol);
        return experiment.build();
    }

    private static StudiedModel model(String name, Network network, Optional<Path> head) {
        var model = StudiedModel.of(name, network.spec());
        return head.map(model::withHead).orElse(model);
    }

    /** Returns the name of the measured layer; empty if there is none, which the plan refuses. */
    private static String layer(Network network) {
        return network.spec().layer().or(network.model()::defaultLayer).orElse("");
    }

    /** Returns a copy with heads of the two networks. */
    public CompareRequest withHeads(Optional<Path> ofA, Optional<Path> ofB) {
        return new CompareRequest(a, b, inputs, ofA, ofB, settings, folder, options, listener);
    }

    /** Returns a copy with other settings. */
    public CompareRequest withSettings(ScoreSettings other) {
        return new CompareRequest(a, b, inputs, headOfA, headOfB, other, folder, options, listener);
    }

    /**
     * Returns a copy that stores results in a folder as soon as they are computed. The same
     * request, after its process was killed, continues with the same result.
     */
    public CompareRequest withFolder(Path other) {
        return new CompareRequest(a, b, inputs, headOfA, headOfB, settings, Optional.of(other), options, listener);
    }

    /** Returns a copy with other options of the run. */
    public CompareRequest withOptions(RunOptions other) {
        return new CompareRequest(a, b, inputs, headOfA, headOfB, settings, folder, other, listener);
    }

    /** Returns a copy that reports to a listener. */
    public CompareRequest withListener(StudyListener other) {
        return new CompareRequest(a, b, inputs, headOfA, headOfB, settings, folder, options, other);
    }
}
