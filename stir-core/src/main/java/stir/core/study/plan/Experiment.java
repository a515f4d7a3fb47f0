package stir.core.study.plan;

import stir.api.UsageException;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.InversionSettings;
import stir.core.representation.RepresentationReduction;
import stir.core.score.ScoreSettings;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An experiment: the models, inputs, measures and searches of a study. {@link
 * stir.core.study.file.ExperimentFile} reads one from a file.
 *
 * @param models the models, each with a name of its own; at least one
 * @param inputs the file or folder of the inputs, and how images are brought to one size
 * @param limit the number of inputs, of the first; empty for all
 * @param measures the ids of the similarity measures, parameters included; at least one
 * @param searches for invariant inputs, each with a name of its own; none to compare
 *     representations of the inputs alone
 * @param repeats the number of runs of each search, with other random numbers, as {@link
 *     ScoreSettings#repeats}
 * @param reduction of the representations
 * @param pairs the rules of compared layers; at least one
 * @param memory the bytes that the representations of a comparison or a measure's sums may take;
 *     above 0. Results depend on it, since it decides how a measure is computed and whether there
 *     is an interval
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
        About about) {
    /**
     * Checks what can be checked without opening anything.
     *
     * @throws UsageException if something is missing, out of range, or named twice
     */
    public Experiment {
        models = List.copyOf(models);
        Objects.requireNonNull(inputs, "inputs");
        measures = List.copyOf(measures);
        searches = List.copyOf(searches);
        Objects.requireNonNull(reduction, "reduction");
        pairs = List.copyOf(pairs);
        Objects.requireNonNull(about, "about");
        if (models.isEmpty() || pairs.isEmpty()) {
            throw new UsageException("An experiment needs at least one model and one pair.");
        }
        checkNames("model", models.stream().map(StudiedModel::name).toList());
        checkNames("search", searches.stream().map(StudiedSearch::name).toList());
        checkNames("measure", measures);
        if (searches.isEmpty()) {
            scoring(InversionSettings.DEFAULT, measures, repeats, reduction, memory);
        }
        for (var search : searches) {
            scoring(search.settings(), measures, repeats, reduction, memory);
        }
        if (limit.isPresent() && limit.getAsInt() < 1) {
            throw new UsageException(
                    "A limit of %d leaves no inputs: it must be at least 1."
                            .formatted(limit.getAsInt()));
        }
    }

    private static void checkNames(String what, List<String> names) {
        var seen = new HashSet<String>();
        for (var name : names) {
            if (!seen.add(name)) {
                throw new UsageException(
                        "There are two of the %s '%s': give each a name of its own."
                                .formatted(what, name));
            }
        }
    }

    /**
     * Returns an experiment of all layers of all pairs of models, by the default measures and
     * search.
     *
     * @param inputs the inputs, as {@link InputsSpec#of} for a path alone
     * @param models each with a name of its own
     */
    public static Experiment of(InputsSpec inputs, List<StudiedModel> models) {
        return new Experiment(
                models,
                inputs,
                OptionalInt.empty(),
                ScoreSettings.DEFAULT.measures(),
                List.of(StudiedSearch.of(InversionSettings.DEFAULT)),
                ScoreSettings.DEFAULT.repeats(),
                ScoreSettings.DEFAULT.reduction(),
                List.of(StudiedPairs.ALL),
                ScoreSettings.DEFAULT_MEMORY,
                About.NONE);
    }

    /** Returns the same with other models. */
    public Experiment withModels(List<StudiedModel> other) {
        return new Experiment(
                other, inputs, limit, measures, searches, repeats, reduction, pairs, memory, about);
    }

    /** Returns the same on other inputs. */
    public Experiment withInputs(InputsSpec other) {
        return new Experiment(
                models, other, limit, measures, searches, repeats, reduction, pairs, memory, about);
    }

    /** Returns the same with the first inputs only. */
    public Experiment withLimit(int other) {
        return new Experiment(
                models,
                inputs,
                OptionalInt.of(other),
                measures,
                searches,
                repeats,
                reduction,
                pairs,
                memory,
                about);
    }

    /** Returns the same with other measures. */
    public Experiment withMeasures(String... ids) {
        return new Experiment(
                models,
                inputs,
                limit,
                List.of(ids),
                searches,
                repeats,
                reduction,
                pairs,
                memory,
                about);
    }

    /** Returns the same with other searches. */
    public Experiment withSearches(StudiedSearch... other) {
        return new Experiment(
                models,
                inputs,
                limit,
                measures,
                List.of(other),
                repeats,
                reduction,
                pairs,
                memory,
                about);
    }

    /** Returns the same with another number of repeats. */
    public Experiment withRepeats(int other) {
        return new Experiment(
                models, inputs, limit, measures, searches, other, reduction, pairs, memory, about);
    }

    /** Returns the same with another reduction. */
    public Experiment withReduction(RepresentationReduction other) {
        return new Experiment(
                models, inputs, limit, measures, searches, repeats, other, pairs, memory, about);
    }

    /** Returns the same with other pairs. */
    public Experiment withPairs(StudiedPairs... other) {
        return new Experiment(
                models,
                inputs,
                limit,
                measures,
                searches,
                repeats,
                reduction,
                List.of(other),
                memory,
                about);
    }

    /** Returns the same with another limit of memory, in bytes. */
    public Experiment withMemory(long other) {
        return new Experiment(
                models, inputs, limit, measures, searches, repeats, reduction, pairs, other, about);
    }

    /** Returns the same with another title, authors or notes. */
    public Experiment withAbout(About other) {
        return new Experiment(
                models, inputs, limit, measures, searches, repeats, reduction, pairs, memory,
                other);
    }

    /**
     * Returns the model whose samples are in place of inputs: the first one, if it has stored
     * arrays and the inputs are of its file.
     */
    public Optional<StudiedModel> samples() {
        var first = models.get(0);
        return Optional.of(first)
                .filter(model -> model.arrays().isPresent())
                .filter(model -> model.spec().file().equals(inputs.path()));
    }

    private static ScoreSettings scoring(
            InversionSettings settings,
            List<String> measures,
            int repeats,
            RepresentationReduction reduction,
            long memory) {
        return new ScoreSettings(settings, measures, repeats, reduction, memory);
    }
}
