package stir.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.io.arrays.NamesFile;
import stir.core.representation.MatrixFile;

/**
 * The embeddings of tokens, which name the positions of inputs: a position is named after the token
 * whose embedding is nearest in Euclidean distance. Immutable.
 *
 * @since 0.1.0
 */
public final class Vocabulary {
    private final Path file;
    private final int features;
    private final float[][] embeddings;
    private final double[] halfSquares;
    private final List<String> names;

    private Vocabulary(Path file, Matrix matrix, List<String> names) {
        this.file = file;
        this.features = matrix.columns();
        this.embeddings = new float[matrix.rows()][features];
        this.halfSquares = new double[matrix.rows()];
        var row = new double[features];
        for (int token = 0; token < embeddings.length; token++) {
            matrix.row(token, row);
            for (int f = 0; f < features; f++) {
                embeddings[token][f] = (float) row[f];
            }
            halfSquares[token] = dot(embeddings[token], embeddings[token]) / 2;
        }
        this.names = names;
    }

    /**
     * Reads a vocabulary.
     *
     * @param embeddings a {@code .npy} or {@code .npz} file with one row per token
     * @param tokens a text file with one token per line, in the same order; without it, tokens are
     *     named by their indices, from 0
     * @throws stir.api.UsageException if a file is missing
     * @throws DataException if the embeddings are not a matrix of finite numbers, or if there is
     *     not one line per embedding
     */
    public static Vocabulary read(Path embeddings, Optional<Path> tokens) {
        var matrix = MatrixFile.read(embeddings);
        var names = tokens.map(file -> NamesFile.lines(file, matrix.rows()))
                .orElseGet(() -> IntStream.range(0, matrix.rows())
                        .mapToObj(Integer::toString)
                        .toList());
        if (names.size() != matrix.rows()) {
            throw new DataException("%s has %d lines, but %s has %d embeddings: write one token per line."
                    .formatted(tokens.orElse(embeddings), names.size(), embeddings, matrix.rows()));
        }
        return new Vocabulary(embeddings, matrix, names);
    }

    /**
     * Checks that an input's positions have the length of the embeddings.
     *
     * @param shape the shape of an input, whose last dimension is compared with the embeddings'
     *     length
     * @throws DataException if they are not
     */
    public void check(Shape shape) {
        if (shape.rank() == 0 || shape.dimension(shape.rank() - 1) != features) {
            throw new DataException(
                    "%s has embeddings of %d values, but inputs are %s: their last dimension must be that long."
                            .formatted(file, features, shape));
        }
    }

    /**
     * Returns the nearest tokens of all positions, one list per input, in the order of the indices.
     *
     * @param inputs the inputs, whose values are compared in their own range
     * @param indices the indices of the inputs
     * @throws DataException if the inputs do not fit the embeddings, as in {@link #check}
     */
    public List<List<String>> nearest(Inputs inputs, int... indices) {
        check(inputs.shape());
        int positions = inputs.shape().size() / features;
        var values = new float[indices.length][];
        var row = Batch.allocate(1, inputs.shape());
        for (int i = 0; i < indices.length; i++) {
            inputs.read(indices[i], row, 0);
            inputs.facts().range().fromUnit(row, 0);
            values[i] = row.toArray();
        }
        var tokens = IntStream.range(0, indices.length * positions)
                .parallel()
                .map(at -> nearest(values[at / positions], at % positions * features))
                .mapToObj(names::get)
                .toList();
        return IntStream.range(0, indices.length)
                .mapToObj(i -> tokens.subList(i * positions, (i + 1) * positions))
                .toList();
    }

    /** Returns the index of the nearest token; of equally near tokens, the first. */
    private int nearest(float[] values, int from) {
        var position = new float[features];
        System.arraycopy(values, from, position, 0, features);
        int nearest = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int token = 0; token < embeddings.length; token++) {
            double closeness = dot(embeddings[token], position) - halfSquares[token];
            if (closeness > best) {
                best = closeness;
                nearest = token;
            }
        }
        return nearest;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int f = 0; f < a.length; f++) {
            sum += (double) a[f] * b[f];
        }
        return sum;
    }

    /**
     * Returns the number of positions whose tokens differ; the two lists must have the same length.
     */
    public static int changed(List<String> before, List<String> after) {
        return (int) IntStream.range(0, before.size())
                .filter(position -> !before.get(position).equals(after.get(position)))
                .count();
    }
}
