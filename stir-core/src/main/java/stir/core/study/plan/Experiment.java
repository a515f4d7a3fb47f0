package stir.core.study.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import stir.api.UsageException;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.InversionSettings;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Protocol;
import stir.core.score.ScoreSettings;

/**
 * An experiment: the models, inputs, measures and searches of a study. {@link
 * stir.core.study.file.ExperimentFile} reads one from a file.
 *
 * @param models the models, each with a name of its own; at least one
 * @param inputs the file or folder of the inputs, and how images are resized
 * @param limit the number of inputs, of the first; empty for all
 * @param measures the ids of the similarity measures, parameters included; at least one
 * @param searches the searches for invariant inputs, each with its own name; empty to compare only
 *     representations of the inputs
 * @param repeats the number of runs of each search, with other random numbers, as {@link
 *     ScoreSettings#repeats}
 * @param reduction the reduction of the representations
 * @param pairs the rules of compared layers; at least one
 * @param memory the maximum bytes for the representations of a comparison or a measure's sums;
 *     above 0. Results depend on it, because it decides how a measure is computed and whether there
 *     is an interval
 * @param protocol the protocol that the settings follow; empty for settings of one's own
 * @param about its title, authors and notes
 * @since 0.1.0
 */
public record Experiment(
        List<StudiedModel> models,
        InputsSpec inputs,
        OptionalInt limit,
        List<String> measures,
        List<StudiedSearch> searches,
        int repeats,
        RepresentationReduction reduction,
        List<StudiedPairs> pairs,
        long memory,
        Optional<Protocol> protocol,
        About about) {
    /**
     * Checks what can be checked without opening anything.
     *
     * @throws UsageException if something is missing, out of range, or named twice
     */
    public Experiment {
        models = List.copyOf(models);
        measures = List.copyOf(measures);
        searches = List.copyOf(searches);
        pairs = List.copyOf(pairs);
        if (models.isEmpty() || pairs.isEmpty()) {
            throw new UsageException("An experiment needs at least one model and one pair.");
        }
        checkNames("model", models.stream().map(StudiedModel::name).toList());
        checkNames("search", searches.stream().map(StudiedSearch::name).toList());
        checkNames("measure", measures);
        checkFactors(models);
        if (protocol.isPresent()) {
            protocol.get().checkSearches(searches.size());
            for (var model : models) {
                protocol.get().check(model.spec(), model.layers());
            }
        }
        if (searches.isEmpty()) {
            scoring(InversionSettings.DEFAULT, measures, repeats, reduction, memory, protocol);
        }
        for (var search : searches) {
            scoring(search.settings(), measures, repeats, reduction, memory, protocol);
        }
        if (limit.isPresent() && limit.getAsInt() < 1) {
            throw new UsageException("The limit must be at least 1, not %d.".formatted(limit.getAsInt()));
        }
    }

    private static void checkNames(String kind, List<String> names) {
        var seen = new HashSet<String>();
        for (var name : names) {
            if (!seen.add(name)) {
                throw new UsageException(
                        "Duplicate name '%2$s' among the %1$s: names must be unique.".formatted(kind, name));
            }
        }
    }

    /** Refuses models in groups of different factors: one of them is probably misspelt. */
    private static void checkFactors(List<StudiedModel> models) {
        var grouped =
                models.stream().filter(model -> !model.factors().isEmpty()).toList();
        for (var model : grouped) {
            model.factorProblem(grouped.get(0)).ifPresent(problem -> {
                throw new UsageException(problem);
            });
        }
    }

    /**
     * Returns a builder of an experiment of all layers of all pairs of models, by the default
     * measures and search.
     *
     * @param inputs the inputs, for a path as in {@link InputsSpec#of}
     * @param models each with a name of its own
     */
    public static Builder builder(InputsSpec inputs, List<StudiedModel> models) {
        return new Builder(inputs, models);
    }

    /**
     * Returns a builder of a comparison of two models in both directions, by the default measures
     * and search.
     *
     * @param inputs the inputs, as for {@link #builder}
     * @param a the first model
     * @param b the second model, with another name
     */
    public static Builder pair(InputsSpec inputs, StudiedModel a, StudiedModel b) {
        return builder(inputs, List.of(a, b))
                .pairs(List.of(StudiedPairs.of(a.name(), b.name()), StudiedPairs.of(b.name(), a.name())));
    }

    /** Returns a builder that begins with this experiment. */
    public Builder toBuilder() {
        var builder = builder(inputs, models)
                .measures(measures)
                .searches(searches)
                .repeats(repeats)
                .reduction(reduction)
                .pairs(pairs)
                .memory(memory)
                .about(about);
        builder.limit = limit;
        builder.protocol = protocol;
        return builder;
    }

    /** A builder of an {@link Experiment}. Not thread-safe. */
    public static final class Builder {
        private List<StudiedModel> models;
        private InputsSpec inputs;
        private OptionalInt limit = OptionalInt.empty();
        private List<String> measures = ScoreSettings.DEFAULT.measures();
        private List<StudiedSearch> searches = List.of(StudiedSearch.of(InversionSettings.DEFAULT));
        private int repeats = ScoreSettings.DEFAULT.repeats();
        private RepresentationReduction reduction = ScoreSettings.DEFAULT.reduction();
        private List<StudiedPairs> pairs = List.of(StudiedPairs.ALL);
        private long memory = ScoreSettings.DEFAULT_MEMORY;
        private Optional<Protocol> protocol = Optional.empty();
        private About about = About.NONE;

        private Builder(InputsSpec inputs, List<StudiedModel> models) {
            this.inputs = inputs;
            this.models = models;
        }

        /** Sets {@link Experiment#models}. */
        public Builder models(List<StudiedModel> other) {
            models = other;
            return this;
        }

        /** Sets {@link Experiment#inputs}. */
        public Builder inputs(InputsSpec other) {
            inputs = other;
            return this;
        }

        /** Sets {@link Experiment#limit}. */
        public Builder limit(int other) {
            limit = OptionalInt.of(other);
            return this;
        }

        /** Sets {@link Experiment#measures}. */
        public Builder measures(List<String> ids) {
            measures = ids;
            return this;
        }

        /** Sets {@link Experiment#searches}. */
        public Builder searches(List<StudiedSearch> other) {
            searches = other;
            return this;
        }

        /** Sets {@link Experiment#repeats}. */
        public Builder repeats(int other) {
            repeats = other;
            return this;
        }

        /** Sets {@link Experiment#reduction}. */
        public Builder reduction(RepresentationReduction other) {
            reduction = other;
            return this;
        }

        /** Sets {@link Experiment#pairs}. */
        public Builder pairs(List<StudiedPairs> other) {
            pairs = other;
            return this;
        }

        /** Sets {@link Experiment#memory}. */
        public Builder memory(long bytes) {
            memory = bytes;
            return this;
        }

        /** Sets {@link Experiment#protocol}, which changes no other setting. */
        public Builder protocol(Protocol other) {
            protocol = Optional.of(other);
            return this;
        }

        /** Sets {@link Experiment#about}. */
        public Builder about(About other) {
            about = other;
            return this;
        }

        /**
         * Returns the experiment.
         *
         * @throws UsageException if something is missing, out of range, or named twice
         */
        public Experiment build() {
            return new Experiment(
                    models, inputs, limit, measures, searches, repeats, reduction, pairs, memory, protocol, about);
        }
    }

    /**
     * Returns the model whose samples replace inputs: the first model, if it has stored arrays and
     * the inputs are its file.
     */
    public Optional<StudiedModel> samples() {
        var first = models.get(0);
        return Optional.of(first)
                .filter(model -> model.arrays().isPresent())
                .filter(model -> model.spec().file().equals(inputs.path()));
    }

    /** Returns the settings for comparing a pair of networks after a search. */
    public ScoreSettings scoring(StudiedSearch search) {
        return scoring(search.settings(), measures, repeats, reduction, memory, protocol);
    }

    private static ScoreSettings scoring(
            InversionSettings settings,
            List<String> measures,
            int repeats,
            RepresentationReduction reduction,
            long memory,
            Optional<Protocol> protocol) {
        return new ScoreSettings(settings, measures, repeats, reduction, memory, protocol);
    }
}
