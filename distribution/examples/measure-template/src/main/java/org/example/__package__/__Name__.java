package org.example.__package__;

import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

/**
 * The mean cosine of the angle between an input's two representations: from -1 to 1, unchanged when
 * a representation is scaled, but not when it is shifted or rotated.
 */
public final class __Name__ implements SimilarityMeasure {
    @Override
    public String id() {
        return "__id__";
    }

    @Override
    public String description() {
        return "Mean cosine between an input's two representations";
    }

    @Override
    public Scale scale() {
        return new Scale(-1, 1, true); // true: larger values are more similar
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
    public double compare(Matrix a, Matrix b) {
        double sum = 0;
        for (int row = 0; row < a.rows(); row++) {
            sum += cosine(a, b, row);
        }
        return sum / a.rows();
    }

    private static double cosine(Matrix a, Matrix b, int row) {
        double both = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.columns(); i++) {
            both += a.get(row, i) * b.get(row, i);
            ofA += a.get(row, i) * a.get(row, i);
            ofB += b.get(row, i) * b.get(row, i);
        }
        if (ofA == 0 || ofB == 0) {
            throw new DataException(
                    "'__id__' is not defined: row %d is zero, and a zero has no direction; leave that input out."
                            .formatted(row));
        }
        return both / (Math.sqrt(ofA) * Math.sqrt(ofB));
    }
}
