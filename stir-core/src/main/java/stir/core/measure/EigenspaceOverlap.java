package stir.core.measure;

import java.util.List;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.ColumnSpace;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.RowSource;

/**
 * The eigenspace overlap score: the shared part of the column spaces of two representations.
 *
 * <pre>||U'V||^2 / max(d_A, d_B)</pre>
 *
 * with orthonormal bases U and V of the columns, which are not centred, and the widths d. From 0 to
 * 1; below 1 even for equal representations if there are more features than inputs. Unchanged by
 * invertible linear maps. Source: May, Zhang, Dao and Re 2019, On the downstream performance of
 * compressed word embeddings.
 *
 * <p>Accurate to 1e-8, as {@linkplain stir.core.measure the package} defines.
 */
public final class EigenspaceOverlap extends BuiltInMeasure {
    public EigenspaceOverlap() {
        super(Family.PREDICTION, "eigenspace-overlap", "Overlap of the column spaces (May et al. 2019)", Scale.UNIT);
    }

    @Override
    public int minimumRows() {
        return 1;
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return CanonicalCorrelations.widthCautions(rows, Math.max(columnsOfA, columnsOfB));
    }

    @Override
    double value(Matrix a, Matrix b) {
        var basisOfA = ColumnSpace.of(MappedRows.unitColumns(RowSource.of(a))).basis();
        var basisOfB = ColumnSpace.of(MappedRows.unitColumns(RowSource.of(b))).basis();
        if (basisOfA.columns() == 0) {
            throw constant("first");
        }
        if (basisOfB.columns() == 0) {
            throw constant("second");
        }
        return Products.crossProduct(basisOfA, basisOfB).sumOfSquares() / Math.max(a.columns(), b.columns());
    }
}
