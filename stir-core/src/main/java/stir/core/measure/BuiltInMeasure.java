package stir.core.measure;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.math.linalg.MappedRows;

/**
 * The common part of the built-in measures: description, parameters and the checks of the matrices.
 */
abstract class BuiltInMeasure implements SimilarityMeasure {
    /** Smaller sums of squares lose digits in further products. */
    private static final double SMALLEST_SQUARES = 1e-140;

    private final Family family;
    private final String id;
    private final String description;
    private final Scale scale;
    private final Parameters parameters;
    private final Function<Parameters, SimilarityMeasure> factory;

    /**
     * Creates a measure with parameters.
     *
     * @param factory the function that creates the measure with other parameters
     */
    BuiltInMeasure(
            Family family,
            String id,
            String description,
            Scale scale,
            Parameters parameters,
            Function<Parameters, SimilarityMeasure> factory) {
        this.family = family;
        this.id = id;
        this.description = description;
        this.scale = scale;
        this.parameters = parameters;
        this.factory = factory;
    }

    /** Creates a measure without parameters. */
    BuiltInMeasure(Family family, String id, String description, Scale scale) {
        this.family = family;
        this.id = id;
        this.description = description;
        this.scale = scale;
        this.parameters = Parameters.NONE;
        this.factory = none -> this;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final String family() {
        return family.toString();
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final Scale scale() {
        return scale;
    }

    @Override
    public final Map<String, String> parameters() {
        return parameters.explanations();
    }

    @Override
    public final SimilarityMeasure with(Map<String, String> values) {
        var changed = parameters.with(id, values);
        return values.isEmpty() ? this : factory.apply(changed);
    }

    @Override
    public final double compare(Matrix a, Matrix b) {
        check(a, b);
        double value = value(a, b);
        if (Double.isNaN(value)) {
            throw outOfRange();
        }
        return value;
    }

    private void check(Matrix a, Matrix b) {
        if (a.rows() != b.rows()) {
            throw new DataException(
                    "'%s' compares representations of the same inputs, but there are %d and %d rows: use the same number."
                            .formatted(id, a.rows(), b.rows()));
        }
        refuse(MeasureRequirements.unmet(this, a.rows(), a.columns(), b.columns()));
        int bad = Math.max(a.firstNonFiniteRow(), b.firstNonFiniteRow());
        if (bad >= 0) {
            throw new DataException(
                    "Row %d contains NaN or an infinite value: leave that input out or fix the model.".formatted(bad));
        }
    }

    /** Checks that there are enough rows. */
    final void checkRows(long rows) {
        refuse(MeasureRequirements.unmetRows(this, (int) Math.min(rows, Integer.MAX_VALUE)));
    }

    private void refuse(Optional<String> unmet) {
        if (unmet.isPresent()) {
            throw new DataException("'%s' %s".formatted(id, unmet.get()));
        }
    }

    /** Computes the measure of matrices that have been checked. */
    abstract double value(Matrix a, Matrix b);

    /**
     * Returns the centred rows.
     *
     * @param which "first" or "second", for the message
     * @throws DataException if all rows are equal
     */
    final MappedRows varying(Matrix matrix, String which) {
        var centred = MappedRows.centred(matrix);
        if (centred.isZero()) {
            throw constant(which);
        }
        double squares = centred.sumOfSquares();
        if (squares < SMALLEST_SQUARES || squares > 1 / SMALLEST_SQUARES) {
            throw outOfRange();
        }
        return centred;
    }

    /**
     * Normalises a product of two representations by the products of each with itself.
     *
     * @throws DataException if one of the latter is 0
     */
    final double normalised(double both, double ofA, double ofB) {
        if (ofA == 0) {
            throw constant("first");
        }
        if (ofB == 0) {
            throw constant("second");
        }
        return both / (Math.sqrt(ofA) * Math.sqrt(ofB));
    }

    private DataException outOfRange() {
        return new DataException(
                "'%s' can't be computed, because the representations' values are too large or too small to be multiplied: scale them."
                        .formatted(id));
    }

    /** Returns the error for a representation that does not distinguish inputs. */
    final DataException constant(String which) {
        return new DataException(
                "'%s' is not defined, because the %s representation is the same, or nearly, for every input: choose another layer."
                        .formatted(id, which));
    }

    /** Returns the error for a representation in which all pairs of inputs are alike. */
    final DataException equallyDissimilar(String which) {
        return new DataException(
                "'%s' is not defined, because all pairs of inputs are equally dissimilar in the %s representation: use more inputs or choose another dissimilarity."
                        .formatted(id, which));
    }

    /**
     * Checks that a measure whose time or memory grows fast is not given too much.
     *
     * @param unit the noun of what is counted, for the message
     */
    final void checkAtMost(int most, int count, String unit) {
        if (count > most) {
            throw new DataException(
                    "'%s' takes at most %d %s, but there are %d: choose fewer.".formatted(id, most, unit, count));
        }
    }
}
