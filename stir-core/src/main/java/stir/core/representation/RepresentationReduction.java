package stir.core.representation;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Matrix;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.Words;
import stir.core.inputs.Inputs;

/**
 * Reductions of representations with positions, images of a convolution or tokens of a transformer,
 * to the rows that a measure compares.
 *
 * <p>A representation of three dimensions is an image, whose {@link Layout} determines the channel
 * dimension; one of two dimensions is tokens by features. A score depends on the reduction, which
 * has to be reported with it.
 *
 * @since 0.1.0
 */
public enum RepresentationReduction {
    /** All values of an input as one row, in the order of memory. For every shape. */
    FLATTEN {
        @Override
        public Matrix apply(Batch representations, Layout layout) {
            return Matrix.of(representations);
        }
    },

    /** The mean of each feature over all positions (pixels or tokens). */
    SPATIAL_MEAN {
        @Override
        public Matrix apply(Batch representations, Layout layout) {
            var grid = grid(representations.rowShape(), layout);
            var means = new float[representations.rows() * grid.features];
            for (int i = 0; i < representations.rows(); i++) {
                for (int f = 0; f < grid.features; f++) {
                    double sum = 0;
                    for (int position = 0; position < grid.positions; position++) {
                        sum += representations.get(i, grid.index(position, f));
                    }
                    means[i * grid.features + f] = (float) (sum / grid.positions);
                }
            }
            return Matrix.of(representations.rows(), grid.features, means);
        }
    },

    /** The features of the first token; only for tokens. */
    CLASS_TOKEN {
        @Override
        public Matrix apply(Batch representations, Layout layout) {
            return token(representations, false);
        }
    },

    /** The features of the last token; only for tokens. */
    LAST_TOKEN {
        @Override
        public Matrix apply(Batch representations, Layout layout) {
            return token(representations, true);
        }
    },

    /**
     * Every position of every input as a separate row, the positions of an input one after another.
     * Both representations need the same positions. The rows of one input are not independent, so
     * that an interval leaves out or divides whole inputs.
     */
    PER_POSITION {
        @Override
        public Matrix apply(Batch representations, Layout layout) {
            var grid = grid(representations.rowShape(), layout);
            int rows = Math.multiplyExact(representations.rows(), grid.positions);
            var values = new float[Math.multiplyExact(rows, grid.features)];
            int at = 0;
            for (int i = 0; i < representations.rows(); i++) {
                for (int position = 0; position < grid.positions; position++) {
                    for (int f = 0; f < grid.features; f++) {
                        values[at++] = representations.get(i, grid.index(position, f));
                    }
                }
            }
            return Matrix.of(rows, grid.features, values);
        }

        @Override
        public int rowsOfOneInput(Shape shape, Layout layout) {
            return grid(shape, layout).positions;
        }
    };

    /**
     * The positions and features of a representation and their strides in memory.
     *
     * @param positionStep from one position to the next
     * @param featureStep from one feature to the next
     */
    private record Grid(int positions, int features, int positionStep, int featureStep) {
        int index(int position, int feature) {
            return position * positionStep + feature * featureStep;
        }
    }

    /**
     * Reduces representations.
     *
     * @param representations one row per input
     * @param layout the layout of images; not used for tokens
     * @throws UsageException if this reduction is undefined for their shape
     */
    public abstract Matrix apply(Batch representations, Layout layout);

    /**
     * Checks that this reduction does not take the padding of sequences.
     *
     * @throws UsageException if it does
     */
    public void check(Inputs inputs) {
        if (this == LAST_TOKEN && inputs.positions() > 0) {
            throw new UsageException(
                    "The last token of padded sequences is padding: take another reduction.");
        }
    }

    /**
     * Returns the number of rows per input.
     *
     * @throws UsageException if this reduction is undefined for the shape
     */
    public int rowsOfOneInput(Shape shape, Layout layout) {
        return 1;
    }

    /** Returns the features of the first or the last token. */
    Matrix token(Batch representations, boolean last) {
        var shape = representations.rowShape();
        if (shape.rank() != 2) {
            throw unfit(shape, "tokens x features");
        }
        int position = last ? shape.dimension(0) - 1 : 0;
        int features = shape.dimension(1);
        var values = new float[representations.rows() * features];
        for (int i = 0; i < representations.rows(); i++) {
            for (int f = 0; f < features; f++) {
                values[i * features + f] = representations.get(i, position * features + f);
            }
        }
        return Matrix.of(representations.rows(), features, values);
    }

    private static Grid tokens(Shape shape) {
        return new Grid(shape.dimension(0), shape.dimension(1), shape.dimension(1), 1);
    }

    /** Returns the positions and features of an image or of tokens. */
    Grid grid(Shape shape, Layout layout) {
        if (shape.rank() == 2) {
            return tokens(shape);
        }
        if (shape.rank() != 3 || layout == Layout.FLAT) {
            throw unfit(shape, "an image with channels, or tokens x features");
        }
        if (layout == Layout.CHANNELS_FIRST) {
            int positions = shape.dimension(1) * shape.dimension(2);
            return new Grid(positions, shape.dimension(0), 1, positions);
        }
        int channels = shape.dimension(2);
        return new Grid(shape.dimension(0) * shape.dimension(1), channels, channels, 1);
    }

    UsageException unfit(Shape shape, String needed) {
        return new UsageException(
                "The reduction '%s' needs representations that are %s, but these are %s: use 'flatten' or another layer."
                        .formatted(word(), needed, shape));
    }

    /** Returns the option value, for example {@code spatial-mean}. */
    public String word() {
        return Words.of(this);
    }

    /**
     * Returns the reduction of an option value.
     *
     * @throws UsageException if there is none; the message lists all values
     */
    public static RepresentationReduction parse(String word) {
        return Words.parse(RepresentationReduction.class, "reduction", word);
    }
}
