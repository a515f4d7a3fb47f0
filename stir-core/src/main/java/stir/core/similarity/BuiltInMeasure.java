package stir.core.similarity;

import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.linalg.CentredRows;

import java.util.Map;

/** What the built-in measures share: their description, their parameters, the first checks. */
abstract class BuiltInMeasure implements SimilarityMeasure {
    /** Smaller sums of squares lose digits when they are multiplied further. */
    private static final double SMALLEST_SQUARES = 1e-140;

    private final String id;
    private final String description;
    private final Scale scale;
    private final Parameters parameters;

    BuiltInMeasure(String id, String description, Scale scale, Parameters parameters) {
        this.id = id;
        this.description = description;
        this.scale = scale;
        this.parameters = parameters;
    }

    BuiltInMeasure(String id, String description, Scale scale) {
        this(id, description, scale, Parameters.NONE);
    }

    @Override
    public final String id() {
        return id;
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
        return values.isEmpty() ? this : with(changed);
    }

    /** This measure with other parameters; one without parameters is never asked. */
    SimilarityMeasure with(Parameters changed) {
        return this;
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
                    "'%s' compares representations of the same inputs, but there are %d and %d rows."
                            .formatted(id, a.rows(), b.rows()));
        }
        MeasureRequirements.unmet(this, a.rows(), a.columns(), b.columns())
                .ifPresent(
                        unmet -> {
                            throw new DataException("'%s' %s".formatted(id, unmet));
                        });
        int bad = Math.max(a.firstNonFiniteRow(), b.firstNonFiniteRow());
        if (bad >= 0) {
            throw new DataException(
                    "Row %d holds NaN or an infinite value: leave that input out or fix the model."
                            .formatted(bad));
        }
    }

    /** The measure of matrices that have been checked. */
    abstract double value(Matrix a, Matrix b);

    /**
     * Centred rows.
     *
     * @param which "first" or "second", for the message
     * @throws DataException if nothing is left after centring
     */
    final CentredRows varying(Matrix matrix, String which) {
        var centred = CentredRows.of(matrix);
        if (centred.isConstant()) {
            throw constant(which);
        }
        double squares = centred.sumOfSquares();
        if (squares < SMALLEST_SQUARES || squares > 1 / SMALLEST_SQUARES) {
            throw outOfRange();
        }
        return centred;
    }

    private DataException outOfRange() {
        return new DataException(
                "'%s' can't be computed: the representations' values are too large or too small to be multiplied; scale them."
                        .formatted(id));
    }

    /** What is thrown when a representation tells nothing. */
    final DataException constant(String which) {
        return new DataException(
                "'%s' is not defined: the %s representation is the same, or nearly, for every input; choose another layer."
                        .formatted(id, which));
    }
}
