package stir.core.score.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Norm;
import stir.core.inversion.search.ReferenceResiduals;

/**
 * The reader of a network's response to each invariant input: a value that compares the
 * representations of the input and of the invariant input, and the predicted classes.
 *
 * @param before the network's representations of the inputs
 * @param after those of the invariant inputs
 * @param classes the predicted classes, if they are known
 * @param comparison the function that computes the value
 */
record OutcomeReader(
        Representations before, Representations after, Optional<PredictedClasses> classes, RowComparison comparison) {
    /** A comparison of rows of representations. */
    @FunctionalInterface
    interface RowComparison {
        /** Writes one value per row; NaN where it is not defined. */
        void compare(Batch before, Batch after, double[] values);

        /** Returns the relative distance from the first representation, in a norm. */
        static RowComparison distance(Norm norm) {
            return (before, after, values) -> ReferenceResiduals.relativeDistances(norm, before, after, values);
        }

        /** Writes Pearson's correlation; NaN where one of both rows does not vary. */
        static void correlation(Batch before, Batch after, double[] values) {
            int size = before.rowSize();
            for (int row = 0; row < before.rows(); row++) {
                double meanBefore = mean(before, row);
                double meanAfter = mean(after, row);
                double product = 0;
                double squaresBefore = 0;
                double squaresAfter = 0;
                for (int i = 0; i < size; i++) {
                    double ofBefore = before.get(row, i) - meanBefore;
                    double ofAfter = after.get(row, i) - meanAfter;
                    product += ofBefore * ofAfter;
                    squaresBefore += ofBefore * ofBefore;
                    squaresAfter += ofAfter * ofAfter;
                }
                double scale = Math.sqrt(squaresBefore) * Math.sqrt(squaresAfter);
                values[row] = scale > 0 ? Math.max(-1, Math.min(1, product / scale)) : Double.NaN;
            }
        }

        private static double mean(Batch batch, int row) {
            double sum = 0;
            for (int i = 0; i < batch.rowSize(); i++) {
                sum += batch.get(row, i);
            }
            return sum / batch.rowSize();
        }
    }

    /**
     * The response to one invariant input.
     *
     * @param value the value of the comparison of both representations; empty where it is not
     *     defined
     * @param classBefore the predicted class of the input; empty if there is none
     * @param classAfter the predicted class of the invariant input
     */
    record Response(OptionalDouble value, OptionalInt classBefore, OptionalInt classAfter) {}

    /** Reads the responses to a number of inputs. */
    List<Response> read(int inputs) {
        var responses = new ArrayList<Response>();
        for (int from = 0; from < inputs; from += PairedRepresentations.PART) {
            int to = Math.min(from + PairedRepresentations.PART, inputs);
            int[] part = IntStream.range(from, to).toArray();
            var values = values(part);
            var first = classes(classes.map(PredictedClasses::before), part);
            var then = classes(classes.map(PredictedClasses::after), part);
            for (int i = 0; i < part.length; i++) {
                var value = Double.isNaN(values[i]) ? OptionalDouble.empty() : OptionalDouble.of(values[i]);
                responses.add(new Response(value, first[i], then[i]));
            }
        }
        return responses;
    }

    private double[] values(int[] inputs) {
        var first = Batch.allocate(inputs.length, before.shape());
        var then = Batch.allocate(inputs.length, after.shape());
        before.read(inputs, first);
        after.read(inputs, then);
        var values = new double[inputs.length];
        comparison.compare(first, then, values);
        return values;
    }

    private static OptionalInt[] classes(Optional<Representations> outputs, int[] inputs) {
        if (outputs.isPresent()) {
            return PredictedClasses.of(outputs.get(), inputs);
        }
        var none = new OptionalInt[inputs.length];
        Arrays.fill(none, OptionalInt.empty());
        return none;
    }
}
