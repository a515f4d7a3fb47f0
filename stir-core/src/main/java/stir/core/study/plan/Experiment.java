package stir.core.study.plan;

import stir.api.UsageException;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.InversionSettings;
import stir.core.score.ScoreSettings;
import stir.core.similarity.RepresentationReduction;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What is to be studied. {@link stir.core.study.file.ExperimentFile} reads one from a file.
 *
 * @param models the models, each with a name of its own; at least one
 * @param inputs the file or folder of the inputs, and how images are brought to one size
 * @param limit how many of the first inputs are taken; empty for all
 * @param measures the ids of the similarity measures, parameters included; at least one
 * @param searches how invariant inputs are searched for, each with a name of its own; at least one
 * @param repeats how many times each search is made, each time with other random numbers, as {@link
 *     ScoreSettings#repeats}
 * @param reduction what of representations the measures see
 * @param pairs which layers are compared with which; at least one
 * @param memory the bytes that the representations of a comparison may take, or what a measure
 *     makes of them; above 0. It decides how a measure is computed and whether there is an
 *     interval, and so is part of what results depend on
 * @param about what people say of it
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
        if (models.isEmpty() || searches.isEmpty() || pairs.isEmpty()) {
            throw new UsageException(
                    "An experiment needs at least one model, one search and one pair.");
        }
        checkNames("model", models.stream().map(StudiedModel::name).toList());
        checkNames("search", searches.stream().map(StudiedSearch::name).toList());
        checkNames("measure", measures);
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
     * All layers of all pairs of models, by linear CKA and the published search.
     *
     * @param inputs the inputs, as {@link InputsSpec#of} for what needs nothing but a path
     * @param models each with a name of its own
     */
    public static Experiment of(InputsSpec inputs, List<StudiedModel> models) {
        return new Experiment(
                models,
                inputs,
                OptionalInt.empty(),
                ScoreSettings.REFERENCE.measures(),
                List.of(StudiedSearch.of(InversionSettings.REFERENCE)),
                ScoreSettings.REFERENCE.repeats(),
                ScoreSettings.REFERENCE.reduction(),
                List.of(StudiedPairs.ALL),
                ScoreSettings.DEFAULT_MEMORY,
                About.NONE);
    }

    /** The same with other models. */
    public Experiment withModels(List<StudiedModel> other) {
        return new Experiment(
                other, inputs, limit, measures, searches, repeats, reduction, pairs, memory, about);
    }

    /** The same on other inputs. */
    public Experiment withInputs(InputsSpec other) {
        return new Experiment(
                models, other, limit, measures, searches, repeats, reduction, pairs, memory, about);
    }

    /** The same with the first inputs only. */
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

    /** The same by other measures. */
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

    /** The same with other searches. */
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

    /** The same with another number of repeats. */
    public Experiment withRepeats(int other) {
        return new Experiment(
                models, inputs, limit, measures, searches, other, reduction, pairs, memory, about);
    }

    /** The same with another reduction. */
    public Experiment withReduction(RepresentationReduction other) {
        return new Experiment(
                models, inputs, limit, measures, searches, repeats, other, pairs, memory, about);
    }

    /** The same with other pairs. */
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

    /** The same with another limit of memory, in bytes. */
    public Experiment withMemory(long other) {
        return new Experiment(
                models, inputs, limit, measures, searches, repeats, reduction, pairs, other, about);
    }

    /** The same with something else said of it. */
    public Experiment withAbout(About other) {
        return new Experiment(
                models, inputs, limit, measures, searches, repeats, reduction, pairs, memory,
                other);
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
