package stir.core;

import stir.api.UsageException;
import stir.core.inversion.InversionSettings;

import java.util.List;

/**
 * How two networks are compared.
 *
 * @param inversion how invariant inputs are searched for
 * @param measures the ids of the similarity measures, parameters included; at least one
 */
public record ScoreSettings(InversionSettings inversion, List<String> measures) {
    /** The measure that is used unless others are asked for. */
    public static final String DEFAULT_MEASURE = "linear-cka";

    /** The published settings. */
    public static final ScoreSettings REFERENCE =
            new ScoreSettings(InversionSettings.REFERENCE, List.of(DEFAULT_MEASURE));

    /** Checks that there is a measure. */
    public ScoreSettings {
        measures = List.copyOf(measures);
        if (measures.isEmpty()) {
            throw new UsageException(
                    "At least one similarity measure is needed, for example linear-cka.");
        }
    }

    /** These settings with another inversion. */
    public ScoreSettings withInversion(InversionSettings other) {
        return new ScoreSettings(other, measures);
    }

    /** These settings with other measures. */
    public ScoreSettings withMeasures(String... ids) {
        return new ScoreSettings(inversion, List.of(ids));
    }
}
