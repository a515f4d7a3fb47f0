package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.RowSource;
import stir.core.math.linalg.Singular;

/**
 * The mean cosine of the two rows of an input, after the rotation that brings the first
 * representation as close as possible to the second. Neither is centred. If the widths differ, the
 * narrower one is padded with zeros.
 *
 * <p>From -1 to 1; 1 where a rotation and a scaling of each row make them equal. Unchanged by
 * rotation and isotropic scaling, not by translation. Source: Hamilton, Leskovec and Jurafsky 2016,
 * Diachronic word embeddings reveal statistical laws of semantic change; collected in Klabunde,
 * Schumacher, Strohmaier and Lemmerich 2023, Similarity of neural network models.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class AlignedCosine extends BuiltInMeasure {
    public AlignedCosine() {
        super(
                Family.ALIGNMENT,
                "aligned-cosine",
                "Mean cosine of rows after the best rotation (Hamilton et al. 2016)",
                new Scale(-1, 1, true));
    }

    @Override
    public int minimumRows() {
        return 1;
    }

    @Override
    double value(Matrix a, Matrix b) {
        var first = DenseMatrix.copyOf(Alignment.narrowed(RowSource.of(a)));
        var second = DenseMatrix.copyOf(Alignment.narrowed(RowSource.of(b)));
        var pairs = Singular.of(Products.crossProduct(first, second));
        var rotation = Products.crossProduct(pairs.left(), pairs.right());
        var rotated = Products.product(first, rotation);
        double sum = 0;
        for (int i = 0; i < first.rows(); i++) {
            double norms = first.norm(i) * second.norm(i);
            if (norms == 0) {
                throw Dissimilarity.emptyRow(id(), i, first.norm(i) == 0 ? "first" : "second", "is zero");
            }
            sum += rotated.dot(i, second, i) / norms;
        }
        return sum / first.rows();
    }
}
