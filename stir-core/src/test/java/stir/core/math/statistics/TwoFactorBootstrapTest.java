package stir.core.math.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Scale;
import stir.core.math.statistics.TwoFactorBootstrap.Term;

class TwoFactorBootstrapTest {
    private static final Scale UNBOUNDED = new Scale(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);

    private static List<String> names(String group, int count) {
        return IntStream.range(0, count).mapToObj(i -> group + i).toList();
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring(1));
    }

    /** Returns the mean over inputs, and the means without each input. */
    private static Replicates mean(double[] inputs) {
        double sum = DoubleStream.of(inputs).sum();
        int count = inputs.length;
        return Replicates.of(
                Replicates.Scheme.GROUPS,
                sum / count,
                DoubleStream.of(inputs).map(one -> (sum - one) / (count - 1)).toArray(),
                count,
                0);
    }

    /** Returns a score that all inputs agree on. */
    private static Replicates certain(double value) {
        var inputs = new double[Replicates.FEWEST_INPUTS];
        Arrays.fill(inputs, value);
        return mean(inputs);
    }

    private static TwoFactorBootstrap of(Term term, BiFunction<String, String, Replicates> scores) {
        return TwoFactorBootstrap.of(List.of(term), scores).orElseThrow();
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/golden/two_factor.csv", maxCharsPerColumn = 20_000)
    void standardErrorsAreThoseOfResamplingAndOfLeavingOutNetworks(
            String kind, int rows, int columns, String scores, double error) {
        var values = Arrays.stream(scores.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        if (kind.equals("dual")) { // each network with references that do not differ
            var estimate = of(new Term(names("t", rows), names("r", 2), 1), (target, reference) -> {
                int from = number(target) * columns;
                return mean(Arrays.copyOfRange(values, from, from + columns));
            });
            assertEquals(mean, estimate.value(), 1e-12);
            assertEquals(error, estimate.standardError(), 0.005 * error); // of drawing
            return;
        }
        var targets = names("t", rows);
        var references = kind.equals("within") ? targets : names("r", columns);
        var estimate = of(
                new Term(targets, references, 1),
                (target, reference) -> certain(values[number(target) * columns + number(reference)]));
        assertEquals(error, estimate.standardError(), 1e-9 * error);
    }

    @Test
    void bothDirectionsOfTwoGroupsAreOneTableOfPairs() {
        var random = new Random(1);
        var scores = new double[4][5];
        Arrays.stream(scores).forEach(row -> Arrays.setAll(row, i -> random.nextGaussian()));
        var a = names("a", 4);
        var b = names("b", 5);
        BiFunction<String, String, Replicates> symmetric = (target, reference) -> certain(
                target.startsWith("a")
                        ? scores[number(target)][number(reference)]
                        : scores[number(reference)][number(target)]);
        var one = of(new Term(a, b, 1), symmetric);
        var both = TwoFactorBootstrap.of(List.of(new Term(a, b, 0.5), new Term(b, a, 0.5)), symmetric)
                .orElseThrow();
        assertEquals(one.standardError(), both.standardError(), 1e-12);
        var none = TwoFactorBootstrap.of(List.of(new Term(a, b, 1), new Term(b, a, -1)), symmetric)
                .orElseThrow();
        assertEquals(0, none.standardError(), 1e-12);
        assertEquals(0, none.difference(UNBOUNDED).difference(), 1e-12);
    }

    @Test
    void aGroupWithTooFewNetworksHasNoInterval() {
        BiFunction<String, String, Replicates> scores = (target, reference) -> certain(0.5);
        assertEquals(
                Optional.empty(), TwoFactorBootstrap.of(List.of(new Term(names("a", 1), names("b", 5), 1)), scores));
        var two = names("a", 2);
        assertEquals(Optional.empty(), TwoFactorBootstrap.of(List.of(new Term(two, two, 1)), scores));
        assertTrue(TwoFactorBootstrap.of(List.of(new Term(two, names("b", 2), 1)), scores)
                .isPresent());
    }

    /** The effects of networks, inputs and their pairs on scores, as standard deviations. */
    private record Population(Random random, double networks, double pairs, double inputs) {
        BiFunction<String, String, Replicates> sample(int size, int count) {
            var names = new ArrayList<>(names("a", size));
            names.addAll(names("b", size));
            var asTarget = gaussian(networks, names.size());
            var asReference = gaussian(networks, names.size());
            var ofInput = gaussian(inputs, count);
            var scores = new Replicates[names.size()][names.size()];
            for (int i = 0; i < names.size(); i++) {
                for (int j = 0; j < names.size(); j++) {
                    double base = asTarget[i] + asReference[j] + gaussian(pairs, 1)[0];
                    var own = gaussian(inputs, count);
                    scores[i][j] = mean(IntStream.range(0, count)
                            .mapToDouble(input -> base + ofInput[input] + own[input])
                            .toArray());
                }
            }
            return (target, reference) -> scores[names.indexOf(target)][names.indexOf(reference)];
        }

        private double[] gaussian(double scale, int count) {
            return IntStream.range(0, count)
                    .mapToDouble(i -> scale * random.nextGaussian())
                    .toArray();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void intervalsOfFiveNetworksContainTheMeanOfTheirPopulation(boolean isWithin) {
        int samples = 1000;
        var population = new Population(new Random(5), 1, 0.5, 3);
        var a = names("a", 5);
        int contained = 0;
        for (int i = 0; i < samples; i++) {
            var interval = of(new Term(a, isWithin ? a : names("b", 5), 1), population.sample(5, 30))
                    .estimate(UNBOUNDED)
                    .interval()
                    .orElseThrow();
            contained += interval.low() <= 0 && interval.high() >= 0 ? 1 : 0;
        }
        assertTrue(contained >= 930 && contained <= 970, contained + " of " + samples);
    }
}
