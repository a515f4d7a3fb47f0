package stir.core.score.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Caution;
import stir.api.Matrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.Vectors;
import stir.core.representation.RepresentationReduction;

/**
 * The cautions about layers of which few units, or few directions, represent the inputs. Layers
 * after a ReLU often have units that are 0 for all inputs of one kind.
 */
final class LayerCautions {
    /**
     * The share of units that are 0 for all inputs above which a layer has a caution. Of the small
     * convolutional networks with ReLUs among the examples, some have up to 45 % of such units, and
     * their variance lies in as many directions as that of networks without any.
     */
    private static final double ZERO = 0.5;

    /** The participation ratio below which a layer has a caution. */
    private static final double FEW_DIRECTIONS = 3;

    /** The fewest units of a layer with cautions: smaller layers have few directions by design. */
    private static final int FEWEST_UNITS = 32;

    /** The fewest inputs that show what a layer represents. */
    private static final int FEWEST_INPUTS = 10;

    /** The most rows that are examined, to limit the work. */
    private static final int MOST_ROWS = 512;

    /** The most values that are examined, to limit the memory: 16 MiB. */
    private static final int MOST_VALUES = 1 << 22;

    private LayerCautions() {}

    /**
     * Returns the cautions about a layer.
     *
     * @param representations its representations of the inputs
     * @param count the number of inputs
     * @param layer the layer, with the name of its model
     */
    static List<Caution> of(
            RepresentationReduction reduction, Representations representations, int count, String layer) {
        var shape = representations.shape();
        var lengths = representations.lengths();
        var rows = reduction.rows(count, shape, representations.layout(), lengths);
        int most = Math.min(MOST_ROWS / rows.most(), MOST_VALUES / shape.size());
        int inputs = Math.min(count, most);
        if (inputs < FEWEST_INPUTS) {
            return List.of();
        }
        var batch = Batch.allocate(inputs, shape);
        representations.read(IntStream.range(0, inputs).toArray(), batch);
        return of(PairedRepresentations.reduced(reduction, representations, batch, 0), inputs, layer);
    }

    private static List<Caution> of(Matrix rows, int inputs, String layer) {
        int units = rows.columns();
        if (units < FEWEST_UNITS || rows.firstNonFiniteRow() >= 0) {
            return List.of();
        }
        var cautions = new ArrayList<Caution>();
        int zeros = zeros(rows);
        if (zeros > ZERO * units) {
            cautions.add(
                    Caution.of("zero-units", Map.of("layer", layer, "zeros", zeros, "units", units, "inputs", inputs)));
        }
        double directions = participationRatio(rows);
        if (directions < FEW_DIRECTIONS) {
            cautions.add(
                    Caution.of("few-directions", Map.of("layer", layer, "directions", directions, "inputs", inputs)));
        }
        return cautions;
    }

    private static int zeros(Matrix rows) {
        var largest = new double[rows.columns()];
        var row = new double[rows.columns()];
        for (int i = 0; i < rows.rows(); i++) {
            rows.row(i, row);
            for (int j = 0; j < row.length; j++) {
                largest[j] = Math.max(largest[j], Math.abs(row[j]));
            }
        }
        return (int) Arrays.stream(largest).filter(value -> value == 0).count();
    }

    /**
     * Returns the participation ratio of the variances of the principal components, {@code (sum of
     * v)^2 / sum of v^2}: n directions of equal variance have n. NaN without any variance.
     */
    private static double participationRatio(Matrix rows) {
        var centred = MappedRows.centred(rows);
        var row = new double[rows.columns()];
        double sum = 0;
        for (int i = 0; i < rows.rows(); i++) {
            centred.copy(i, 0, row.length, row);
            sum += Vectors.dot(row, row);
        }
        return sum * sum / Products.gramDots(centred, centred)[0];
    }
}
