package stir.core.measure;

import java.util.Optional;
import stir.api.SimilarityMeasure;

/** The sizes of representations that measures require. */
public final class MeasureRequirements {
    private MeasureRequirements() {}

    /**
     * Returns the reason why a measure is undefined for representations of these sizes, as the
     * predicate of a sentence whose subject is the measure; empty if it may be defined.
     */
    public static Optional<String> unmet(SimilarityMeasure measure, int rows, int columnsOfA, int columnsOfB) {
        return unmetRows(measure, rows)
                .or(() -> measure.needsEqualWidths() && columnsOfA != columnsOfB
                        ? Optional.of(
                                "compares representations of one width, but these have %d and %d features: choose another measure or layer."
                                        .formatted(columnsOfA, columnsOfB))
                        : Optional.empty());
    }

    /** Returns the requirement that too few rows leave unmet, as {@link #unmet}. */
    public static Optional<String> unmetRows(SimilarityMeasure measure, int rows) {
        return rows >= measure.minimumRows()
                ? Optional.empty()
                : Optional.of("needs at least %d inputs, but there %s %d: use more inputs."
                        .formatted(measure.minimumRows(), rows == 1 ? "is" : "are", rows));
    }
}
