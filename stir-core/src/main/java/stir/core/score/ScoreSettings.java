package stir.core.score;

import java.util.List;
import java.util.Optional;
import stir.api.UsageException;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Seed;
import stir.core.representation.RepresentationReduction;

/**
 * The settings of a comparison of two networks.
 *
 * @param inversion the settings of the search for invariant inputs
 * @param measures the ids of the similarity measures, parameters included; at least one
 * @param repeats the number of searches, each with other random numbers: the keys {@code rngSeed},
 *     {@code rngSeed + 1} and so on, of far seeds one per two; from 1 to {@link #MOST_REPEATS}
 * @param reduction the reduction of the two networks' representations before they are measured; the
 *     search always uses whole representations
 * @param memory a limit in bytes on a comparison's representations and the state of its measures;
 *     above 0. It decides how a measure is computed and whether there is an interval, so results
 *     depend on it
 * @param protocol the protocol that the settings follow; empty for settings of one's own
 * @since 0.1.0
 */
public record ScoreSettings(
        InversionSettings inversion,
        List<String> measures,
        int repeats,
        RepresentationReduction reduction,
        long memory,
        Optional<Protocol> protocol) {
    /** The default limit of memory: 1 GB. */
    public static final long DEFAULT_MEMORY = 1_000_000_000L;

    /** The published measure, and the first of the defaults. */
    public static final String DEFAULT_MEASURE = "linear-cka";

    /**
     * The default measures: the published one, and the same without its bias, whose intervals cover
     * the value for infinitely many inputs.
     */
    public static final List<String> DEFAULT_MEASURES = List.of(DEFAULT_MEASURE, "linear-cka-debiased");

    /** The largest number of repeats; a larger one is probably a typing error. */
    public static final int MOST_REPEATS = 1000;

    /** The settings of a comparison for which nothing is chosen. */
    public static final ScoreSettings DEFAULT = new ScoreSettings(
            InversionSettings.DEFAULT,
            DEFAULT_MEASURES,
            1,
            RepresentationReduction.FLATTEN,
            DEFAULT_MEMORY,
            Optional.empty());

    /** The published settings, with the debiased measure next to the published one. */
    public static final ScoreSettings PUBLISHED = DEFAULT.withInversion(InversionSettings.PUBLISHED);

    /** Checks that there is a measure, that repeats can differ, and the protocol's values. */
    public ScoreSettings {
        measures = List.copyOf(measures);
        if (measures.isEmpty()) {
            throw new UsageException("At least one similarity measure is needed, for example linear-cka.");
        }
        if (repeats < 1 || repeats > MOST_REPEATS) {
            throw new UsageException("The inversion can't be repeated %d times: choose a number from 1 to %d."
                    .formatted(repeats, MOST_REPEATS));
        }
        if (memory < 1) {
            throw new UsageException(
                    "The memory limit of %d bytes is too small: it must be above 0.".formatted(memory));
        }
        var seed = inversion.seed();
        if (repeats > 1 && (seed instanceof Seed.Constant || seed instanceof Seed.Given)) {
            throw new UsageException(
                    "The seed %s is the same in every repeat, so repeats do not differ: choose a random seed such as super-noise."
                            .formatted(seed.text()));
        }
        if (protocol.isPresent()) {
            protocol.get().check(inversion, measures, repeats, reduction, memory);
        }
    }

    /** Returns a copy with another inversion. */
    public ScoreSettings withInversion(InversionSettings other) {
        return new ScoreSettings(other, measures, repeats, reduction, memory, protocol);
    }

    /** Returns a copy with other measures. */
    public ScoreSettings withMeasures(String... ids) {
        return new ScoreSettings(inversion, List.of(ids), repeats, reduction, memory, protocol);
    }

    /** Returns a copy with another number of inversions. */
    public ScoreSettings withRepeats(int other) {
        return new ScoreSettings(inversion, measures, other, reduction, memory, protocol);
    }

    /** Returns a copy with another reduction. */
    public ScoreSettings withReduction(RepresentationReduction other) {
        return new ScoreSettings(inversion, measures, repeats, other, memory, protocol);
    }

    /** Returns a copy with another limit of memory, in bytes. */
    public ScoreSettings withMemory(long other) {
        return new ScoreSettings(inversion, measures, repeats, reduction, other, protocol);
    }
}
