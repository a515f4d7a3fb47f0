package stir.core.measure;

import java.util.List;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;

/**
 * The Jensen-Shannon divergence of the two networks' class probabilities in bits, averaged over
 * inputs. For outputs.
 *
 * <pre>mean over inputs of (KL(p, m) + KL(q, m)) / 2,   m = (p + q) / 2</pre>
 *
 * A distance from 0 to 1. {@code outputs=logits} (the default) applies softmax to each row first;
 * {@code outputs=probabilities} takes values of at least 0, which are divided by their sum.
 * Unchanged by a constant added to all logits of an input. Source: Lin 1991, Divergence measures
 * based on the Shannon entropy; as in the code of Klabunde et al. 2024 (ReSi).
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class JensenShannon extends BuiltInMeasure {
    private static final String PROBABILITIES = "probabilities";

    private final boolean takesProbabilities;

    public JensenShannon() {
        this(Parameters.NONE.andChoice("outputs", "what the values are", List.of("logits", PROBABILITIES)));
    }

    private JensenShannon(Parameters parameters) {
        super(
                Family.CLASSES,
                "jensen-shannon",
                "Divergence of class probabilities (Lin 1991)",
                Scale.distance(1),
                parameters,
                JensenShannon::new);
        takesProbabilities = parameters.choice("outputs").equals(PROBABILITIES);
    }

    @Override
    public int minimumRows() {
        return 1;
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    double value(Matrix a, Matrix b) {
        var p = new double[a.columns()];
        var q = new double[b.columns()];
        double sum = 0;
        for (int i = 0; i < a.rows(); i++) {
            a.row(i, p);
            toProbabilities(p, i, "first");
            b.row(i, q);
            toProbabilities(q, i, "second");
            double divergence = 0;
            for (int j = 0; j < p.length; j++) {
                double middle = (p[j] + q[j]) / 2;
                divergence += relativeEntropy(p[j], middle) + relativeEntropy(q[j], middle);
            }
            sum += Math.max(0, Math.min(1, divergence / 2 / Math.log(2)));
        }
        return sum / a.rows();
    }

    private static double relativeEntropy(double p, double middle) {
        return p == 0 ? 0 : p * Math.log(p / middle);
    }

    private void toProbabilities(double[] row, int index, String which) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : row) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (int j = 0; j < row.length; j++) {
            if (takesProbabilities && row[j] < 0) {
                throw new DataException(
                        "'%s' is not defined, because row %d of the %s representation has a negative value, which is not a probability: use outputs=logits or outputs after a softmax."
                                .formatted(id(), index, which));
            }
            row[j] = takesProbabilities ? row[j] : Math.exp(row[j] - largest);
            sum += row[j];
        }
        if (sum == 0) {
            throw Dissimilarity.emptyRow(id(), index, which, "is zero");
        }
        for (int j = 0; j < row.length; j++) {
            row[j] /= sum;
        }
    }
}
