package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Cholesky;
import stir.core.math.linalg.Vectors;

/**
 * The last changes of one input's residual, which precondition its cotangents. Steps change the
 * residual mostly along the few large singular directions of the network's Jacobian, which hide the
 * others. With the changes of unit length as rows of D, the cotangent
 *
 * <pre>u = r - D'(D D' + d I)^-1 D r</pre>
 *
 * is the residual damped along these directions, so that passes measure the others, too.
 *
 * <p>The matrix D D' + d I is kept up to date, and of its factor the rows before the newest change.
 * The newest change replaces the oldest. Not thread-safe.
 */
final class ResidualChanges implements MultiSecant.Cotangents {
    private final int capacity;
    private final double damping;
    private final float[][] changes;
    private final double[] products;
    private final float[] before;
    private final Cholesky system;
    private final double[] values;
    private int count;
    private int newest;

    /** The number of first rows of the factor that are those of the products. */
    private int factored;

    private boolean hasBefore;

    /**
     * Creates an empty memory.
     *
     * @param capacity the most changes
     * @param damping d, above 0
     * @param width the size of a representation
     */
    ResidualChanges(int capacity, double damping, int width) {
        this.capacity = capacity;
        this.damping = damping;
        this.changes = new float[capacity][width];
        this.products = new double[capacity * capacity];
        this.before = new float[width];
        this.system = new Cholesky(capacity);
        this.values = new double[capacity];
        clear();
    }

    /** Returns how many values are held, in floats. */
    static long values(int capacity, int width) {
        return (capacity + 1L) * width + 4L * capacity * capacity;
    }

    /** Removes all changes. */
    void clear() {
        count = 0;
        factored = 0;
        newest = capacity - 1;
        hasBefore = false;
    }

    /**
     * Remembers the change since the last residual, and writes the cotangent of a residual: 0 where
     * the residual is 0, since a unit that is off in both inputs after a ReLU stays off.
     */
    @Override
    public void write(float[] residual, float[] cotangent) {
        remember(residual);
        System.arraycopy(residual, 0, cotangent, 0, residual.length);
        boolean isFactored = system.factor(products, count, factored);
        factored = isFactored ? count : 0;
        if (!isFactored) {
            return;
        }
        Vectors.dots(changes, count, residual, values);
        system.solve(values);
        for (int row = 0; row < count; row++) {
            values[row] = -values[row];
        }
        Vectors.addMultiples(values, changes, count, cotangent);
        for (int i = 0; i < residual.length; i++) {
            cotangent[i] = residual[i] == 0 ? 0 : cotangent[i];
        }
    }

    /** Remembers a change, unless the residual stayed the same or is not finite. */
    private void remember(float[] residual) {
        for (int i = 0; i < residual.length; i++) {
            before[i] = residual[i] - before[i];
        }
        float scale = (float) (1 / Math.sqrt(Vectors.dot(before, before)));
        if (hasBefore && scale > 0 && scale < Float.POSITIVE_INFINITY) {
            newest = (newest + 1) % capacity;
            count = Math.min(capacity, count + 1);
            System.arraycopy(before, 0, changes[newest], 0, before.length);
            Vectors.scale(changes[newest], scale);
            Vectors.dots(changes, count, changes[newest], values);
            for (int other = 0; other < count; other++) {
                products[system.entry(newest, other)] = values[other];
            }
            products[system.entry(newest, newest)] += damping;
            factored = Math.min(factored, newest);
        }
        System.arraycopy(residual, 0, before, 0, residual.length);
        hasBefore = true;
    }
}
