package stir.core.score;

import stir.api.UsageException;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Seed;
import stir.core.similarity.RepresentationReduction;

import java.util.List;
import java.util.Objects;

/**
 * How two networks are compared.
 *
 * @param inversion how invariant inputs are searched for
 * @param measures the ids of the similarity measures, parameters included; at least one
 * @param repeats how many times invariant inputs are searched for, each time with other random
 *     numbers: the keys {@code rngSeed}, {@code rngSeed + 1} and so on; from 1 to {@link
 *     #MOST_REPEATS}
 * @param reduction what of both networks' representations the measures see; the search goes for
 *     whole representations whatever it is
 * @param memory the bytes that the representations of a comparison may take, or what a measure
 *     makes of them; above 0. It decides how a measure is computed and whether there is an
 *     interval, and so is part of what results depend on
 * @since 0.1.0
 */
public record ScoreSettings(
        InversionSettings inversion,
        List<String> measures,
        int repeats,
        RepresentationReduction reduction,
        long memory) {
    /** The limit of memory unless another is asked for: 1 GB. */
    public static final long DEFAULT_MEMORY = 1_000_000_000L;

    /** The published measure, and the first that is used unless others are asked for. */
    public static final String DEFAULT_MEASURE = "linear-cka";

    /**
     * The measures that are used unless others are asked for: the published one, and beside it the
     * same without its bias, whose intervals hold what infinitely many inputs would give.
     */
    public static final List<String> DEFAULT_MEASURES =
            List.of(DEFAULT_MEASURE, "linear-cka-debiased");

    /** More repeats than this are taken for a mistake. */
    public static final int MOST_REPEATS = 1000;

    /** The published settings, with the debiased measure beside the published one. */
    public static final ScoreSettings REFERENCE =
            new ScoreSettings(
                    InversionSettings.REFERENCE,
                    DEFAULT_MEASURES,
                    1,
                    RepresentationReduction.FLATTEN,
                    DEFAULT_MEMORY);

    /** Checks that there is a measure, and that repeats can differ. */
    public ScoreSettings {
        measures = List.copyOf(measures);
        if (measures.isEmpty()) {
            throw new UsageException(
                    "At least one similarity measure is needed, for example linear-cka.");
        }
        if (repeats < 1 || repeats > MOST_REPEATS) {
            throw new UsageException(
                    "The inversion can't be repeated %d times: give a number from 1 to %d."
                            .formatted(repeats, MOST_REPEATS));
        }
        Objects.requireNonNull(reduction, "reduction");
        if (memory < 1) {
            throw new UsageException(
                    "A limit of memory of %d bytes leaves nothing: it must be above 0."
                            .formatted(memory));
        }
        var seed = inversion.seed();
        if (repeats > 1 && (seed instanceof Seed.Constant || seed instanceof Seed.Given)) {
            throw new UsageException(
                    "The seed %s is the same in every repeat, so repeats say nothing: take a random seed such as super-noise."
                            .formatted(seed.text()));
        }
    }

    /** These settings with another inversion. */
    public ScoreSettings withInversion(InversionSettings other) {
        return new ScoreSettings(other, measures, repeats, reduction, memory);
    }

    /** These settings with other measures. */
    public ScoreSettings withMeasures(String... ids) {
        return new ScoreSettings(inversion, List.of(ids), repeats, reduction, memory);
    }

    /** These settings with another number of inversions. */
    public ScoreSettings withRepeats(int other) {
        return new ScoreSettings(inversion, measures, other, reduction, memory);
    }

    /** These settings with another reduction. */
    public ScoreSettings withReduction(RepresentationReduction other) {
        return new ScoreSettings(inversion, measures, repeats, other, memory);
    }

    /** These settings with another limit of memory, in bytes. */
    public ScoreSettings withMemory(long other) {
        return new ScoreSettings(inversion, measures, repeats, reduction, other);
    }
}
