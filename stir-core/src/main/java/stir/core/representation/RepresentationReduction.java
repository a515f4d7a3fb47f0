package stir.core.representation;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Layout;
import stir.api.Matrix;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.Words;
import stir.core.inputs.Lengths;
import stir.core.math.statistics.RowsOfInputs;

/**
 * Reductions of representations with positions, images of a convolution or tokens of a transformer,
 * to the rows that a measure compares.
 *
 * <p>A representation of three dimensions is an image, whose {@link Layout} determines the channel
 * dimension; one of two dimensions is tokens by features. The padding of sequences is left out. A
 * score depends on the reduction, which must be reported with it.
 *
 * @since 0.1.0
 */
public enum RepresentationReduction {
    /** All values of an input as one row, in the order of memory. For every shape. */
    FLATTEN {
        @Override
        public Matrix apply(Batch representations, Layout layout, Lengths lengths) {
            return Matrix.of(representations);
        }
    },

    /** The mean of each feature over all positions (pixels or tokens). */
    SPATIAL_MEAN {
        @Override
        public Matrix apply(Batch representations, Layout layout, Lengths lengths) {
            var grid = grid(representations.rowShape(), layout, lengths);
            var means = new float[representations.rows() * grid.features];
            for (int i = 0; i < representations.rows(); i++) {
                int positions = grid.positions(lengths, i);
                for (int f = 0; f < grid.features; f++) {
                    double sum = 0;
                    for (int position = 0; position < positions; position++) {
                        sum += representations.get(i, grid.index(position, f));
                    }
                    means[i * grid.features + f] = (float) (sum / positions);
                }
            }
            return Matrix.of(representations.rows(), grid.features, means);
        }
    },

    /** The features of the first token; only for tokens. */
    CLASS_TOKEN {
        @Override
        public Matrix apply(Batch representations, Layout layout, Lengths lengths) {
            return token(representations, i -> 0);
        }
    },

    /** The features of the last token; only for tokens. */
    LAST_TOKEN {
        @Override
        public Matrix apply(Batch representations, Layout layout, Lengths lengths) {
            var grid = grid(tokens(representations), Layout.FLAT, lengths);
            return token(representations, i -> grid.positions(lengths, i) - 1);
        }
    },

    /**
     * Every position of every input as a separate row, the positions of an input one after another.
     * The two representations need the same positions. The rows of one input are not independent,
     * so intervals leave out or divide whole inputs.
     */
    PER_POSITION {
        @Override
        public Matrix apply(Batch representations, Layout layout, Lengths lengths) {
            var shape = representations.rowShape();
            var grid = grid(shape, layout, lengths);
            int rows = rows(representations.rows(), shape, layout, lengths).rows();
            var values = new float[Math.multiplyExact(rows, grid.features)];
            int at = 0;
            for (int i = 0; i < representations.rows(); i++) {
                for (int position = 0; position < grid.positions(lengths, i); position++) {
                    for (int f = 0; f < grid.features; f++) {
                        values[at++] = representations.get(i, grid.index(position, f));
                    }
                }
            }
            return Matrix.of(rows, grid.features, values);
        }

        @Override
        public RowsOfInputs rows(int inputs, Shape shape, Layout layout, Lengths lengths) {
            var grid = grid(shape, layout, lengths);
            return lengths.arePresent()
                    ? RowsOfInputs.ofNumbers(IntStream.range(0, inputs)
                            .map(i -> grid.positions(lengths, i))
                            .toArray())
                    : RowsOfInputs.alike(inputs, grid.positions);
        }
    };

    /**
     * The positions and features of a representation and their strides in memory.
     *
     * @param positionStep the offset from one position to the next
     * @param featureStep the offset from one feature to the next
     */
    private record Grid(int positions, int features, int positionStep, int featureStep) {
        int index(int position, int feature) {
            return position * positionStep + feature * featureStep;
        }

        /** Returns the number of positions of an input that are not padding. */
        int positions(Lengths lengths, int input) {
            return lengths.arePresent() ? positions / lengths.positions() * lengths.of(input) : positions;
        }
    }

    /**
     * Reduces representations of inputs without padding.
     *
     * @param representations one row per input
     * @param layout the layout of images; not used for tokens
     * @throws UsageException if this reduction is undefined for their shape
     */
    public final Matrix apply(Batch representations, Layout layout) {
        return apply(representations, layout, Lengths.NONE);
    }

    /**
     * Reduces representations.
     *
     * @param representations one row per input
     * @param layout the layout of images; not used for tokens
     * @param lengths the lengths of the inputs, one per row
     * @throws UsageException if this reduction is undefined for their shape, or uses positions
     *     whose padding is unknown
     */
    public abstract Matrix apply(Batch representations, Layout layout, Lengths lengths);

    /**
     * Returns the rows per input.
     *
     * @throws UsageException like {@link #apply(Batch, Layout, Lengths)}
     */
    public RowsOfInputs rows(int inputs, Shape shape, Layout layout, Lengths lengths) {
        return RowsOfInputs.alike(inputs, 1);
    }

    Shape tokens(Batch representations) {
        var shape = representations.rowShape();
        if (shape.rank() != 2) {
            throw unfit(shape, "tokens x features");
        }
        return shape;
    }

    /** Returns the features of one token per input. */
    Matrix token(Batch representations, IntUnaryOperator token) {
        int features = tokens(representations).dimension(1);
        var values = new float[representations.rows() * features];
        for (int i = 0; i < representations.rows(); i++) {
            int first = token.applyAsInt(i) * features;
            for (int f = 0; f < features; f++) {
                values[i * features + f] = representations.get(i, first + f);
            }
        }
        return Matrix.of(representations.rows(), features, values);
    }

    /** Returns the positions and features of an image or of tokens. */
    Grid grid(Shape shape, Layout layout, Lengths lengths) {
        if (lengths.areUnknownAt(shape, layout)) {
            throw new UsageException(
                    "The reduction '%s' leaves out the padding of sequences, but %s is not one row for each of the %d positions: use 'flatten' or another layer."
                            .formatted(word(), shape, lengths.positions()));
        }
        if (shape.rank() == 2) {
            return new Grid(shape.dimension(0), shape.dimension(1), shape.dimension(1), 1);
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
