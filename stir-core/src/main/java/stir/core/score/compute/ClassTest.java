package stir.core.score.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import stir.core.math.random.KeyedRandom;
import stir.core.score.ClassOutcome;

/**
 * The test whether the pointwise similarities of a class differ from those of all other inputs. The
 * statistic is the difference of both means, relative to its standard error if labels do not
 * matter; a class is compared with the largest such difference among all classes when labels are
 * permuted (Westfall and Young 1993).
 */
final class ClassTest {
    private static final int PERMUTATIONS = 1000;

    private final int[] classOf; // the place of each input's label
    private final double[] values;
    private final int[] sizes;

    private ClassTest(int[] classOf, double[] values, int[] sizes) {
        this.classOf = classOf;
        this.values = values;
        this.sizes = sizes;
    }

    /**
     * Tests the classes.
     *
     * @param labels the class of each input, if it has one
     * @param pointwise the pointwise similarity of each input; inputs without one are left out
     * @param rngSeed the key of the random numbers of the permutations
     * @return the classes in ascending order; empty if there are fewer than two
     */
    static List<ClassOutcome> of(List<OptionalInt> labels, List<OptionalDouble> pointwise, long rngSeed) {
        int[] kept = IntStream.range(0, labels.size())
                .filter(i -> labels.get(i).isPresent() && pointwise.get(i).isPresent())
                .toArray();
        var values = IntStream.of(kept)
                .mapToDouble(i -> pointwise.get(i).getAsDouble())
                .toArray();
        var ofKept = IntStream.of(kept).map(i -> labels.get(i).getAsInt()).toArray();
        int[] classes = IntStream.of(ofKept).sorted().distinct().toArray();
        if (classes.length < 2) {
            return List.of();
        }
        var classOf = IntStream.of(ofKept)
                .map(label -> Arrays.binarySearch(classes, label))
                .toArray();
        var sizes = new int[classes.length];
        IntStream.of(classOf).forEach(place -> sizes[place]++);
        return new ClassTest(classOf, values, sizes).outcomes(classes, rngSeed);
    }

    private List<ClassOutcome> outcomes(int[] classes, long rngSeed) {
        double sum = Arrays.stream(values).sum();
        var sums = sums(values);
        var observed = statistics(sums, sum);
        var asLarge = new int[classes.length];
        var random = KeyedRandom.of(rngSeed, KeyedRandom.WHOLE_SET);
        var shuffled = values.clone();
        for (int permutation = 0; permutation < PERMUTATIONS; permutation++) {
            for (int i = shuffled.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                double value = shuffled[i];
                shuffled[i] = shuffled[j];
                shuffled[j] = value;
            }
            double largest =
                    Arrays.stream(statistics(sums(shuffled), sum)).max().orElseThrow();
            for (int place = 0; place < asLarge.length; place++) {
                // Equal sums in another order may differ by rounding.
                asLarge[place] += largest >= observed[place] * (1 - 1e-9) ? 1 : 0;
            }
        }
        var outcomes = new ArrayList<ClassOutcome>();
        for (int place = 0; place < classes.length; place++) {
            int others = values.length - sizes[place];
            outcomes.add(new ClassOutcome(
                    classes[place],
                    sizes[place],
                    sums[place] / sizes[place],
                    (sum - sums[place]) / others,
                    (1.0 + asLarge[place]) / (1.0 + PERMUTATIONS)));
        }
        return outcomes;
    }

    private double[] sums(double[] ofInputs) {
        var sums = new double[sizes.length];
        for (int i = 0; i < ofInputs.length; i++) {
            sums[classOf[i]] += ofInputs[i];
        }
        return sums;
    }

    /** Returns each class's difference from the others, in units of its standard error. */
    private double[] statistics(double[] sums, double sum) {
        var statistics = new double[sizes.length];
        for (int place = 0; place < sizes.length; place++) {
            double size = sizes[place];
            double others = values.length - size;
            double difference = sums[place] / size - (sum - sums[place]) / others;
            statistics[place] = Math.abs(difference) / Math.sqrt(1 / size + 1 / others);
        }
        return statistics;
    }
}
