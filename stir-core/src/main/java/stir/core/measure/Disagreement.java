package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;

/**
 * The share of inputs for which two networks decide on different classes. For outputs, of which the
 * largest is the decision (the first of several equal ones).
 *
 * <p>A distance from 0 to 1. Two good classifiers agree on most inputs because both are right:
 * compare it with the disagreement that their accuracies permit. Unchanged by any map that keeps
 * each row's largest value. Source: Madani, Pennock and Flake 2004, Co-validation: using model
 * disagreement on unlabeled data to validate classification algorithms; collected in Klabunde,
 * Schumacher, Strohmaier and Lemmerich 2023, Similarity of neural network models.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class Disagreement extends BuiltInMeasure {
    public Disagreement() {
        super(
                Family.CLASSES,
                "disagreement",
                "Share of inputs whose classes differ (Madani et al. 2004)",
                Scale.distance(1));
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
        int different = 0;
        var row = new double[a.columns()];
        for (int i = 0; i < a.rows(); i++) {
            a.row(i, row);
            int decision = largest(row);
            b.row(i, row);
            if (decision != largest(row)) {
                different++;
            }
        }
        return different / (double) a.rows();
    }

    private static int largest(double[] row) {
        int largest = 0;
        for (int j = 1; j < row.length; j++) {
            if (row[j] > row[largest]) {
                largest = j;
            }
        }
        return largest;
    }
}
