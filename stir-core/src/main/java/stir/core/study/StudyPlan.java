package stir.core.study;

import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;

import java.util.List;
import java.util.Objects;

/**
 * All that a study has to do.
 *
 * @param experiment what was asked for
 * @param inputs the inputs, limited as asked for
 * @param models the models, in the experiment's order
 * @param pairs what is compared with what: by reference, then by target
 */
public record StudyPlan(
        Experiment experiment, Inputs inputs, List<PlannedModel> models, List<PlannedPair> pairs) {
    /** Checks that nothing is missing. */
    public StudyPlan {
        Objects.requireNonNull(experiment, "experiment");
        Objects.requireNonNull(inputs, "inputs");
        models = List.copyOf(models);
        pairs = List.copyOf(pairs);
    }

    /**
     * The layers that are inverted: one inversion for each search and repeat serves all targets.
     */
    public List<StudiedLayer> references() {
        return pairs.stream().map(PlannedPair::reference).distinct().toList();
    }

    /** The layers that look at invariant inputs. */
    public List<StudiedLayer> targets() {
        return pairs.stream().map(PlannedPair::target).distinct().toList();
    }

    /** The number of inversions, each of all inputs. */
    public int inversions() {
        return references().size() * searchesAndRepeats();
    }

    /** The number of scores: pairs of layers, times searches, times repeats. */
    public int comparisons() {
        return pairs.size() * searchesAndRepeats();
    }

    private int searchesAndRepeats() {
        return experiment.searches().size() * experiment.repeats();
    }

    /**
     * The forward and backward passes of one input that inversions take at most, without those by
     * which the optimiser {@code fast} calibrates itself.
     */
    public long searchPasses() {
        return experiment.searches().stream()
                .mapToLong(
                        search ->
                                (long) references().size()
                                        * experiment.repeats()
                                        * inputs.count()
                                        * (search.settings().iterations() + 1L))
                .sum();
    }

    /**
     * The forward passes of one input at a measured layer that comparisons take: of inputs, seeds
     * and invariant inputs.
     */
    public long representationPasses() {
        long seen = pairs.stream().distinct().count() * searchesAndRepeats();
        long seeds = (long) targets().size() * searchesAndRepeats();
        return inputs.count() * (seen + seeds + layers());
    }

    /** The number of measured layers of all models. */
    public int layers() {
        return models.stream().mapToInt(model -> model.layers().size()).sum();
    }

    /** The model of a name. */
    PlannedModel model(String name) {
        return models.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No model " + name));
    }

    /** A layer as it was found. */
    PlannedLayer layer(StudiedLayer at) {
        return model(at.model()).layers().stream()
                .filter(layer -> layer.name().equals(at.layer()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No layer " + at));
    }

    /** The shape of an input in pixels. */
    Shape pixels() {
        return inputs.shape();
    }

    /** The settings of a search's repeat, counted from 1. */
    static InversionSettings repeated(StudiedSearch search, int repeat) {
        var settings = search.settings();
        return settings.withRngSeed(settings.rngSeed() + repeat - 1);
    }
}
