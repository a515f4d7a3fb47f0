import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.math.statistics.Replicates;
import stir.core.math.statistics.TwoFactorBootstrap;
import stir.core.math.statistics.TwoFactorBootstrap.Term;
import stir.core.measure.MeasureQuery;

/**
 * How often intervals of 95 % over networks and inputs hold the mean of the population of networks, in simulations with
 * two groups of one population: STIR of one group given the other, within one group, and within both groups minus between
 * them.
 *
 * <p>The scores of the first four populations have a known mean of 0 and known standard deviations: of targets and of
 * references, of their pairs, of inputs, of the inputs of each network, and of the inputs of each pair. In the fifth,
 * networks are linear maps of 8 features to 4, which differ by noise; the invariant inputs of a reference are the inputs,
 * changed where it ignores them. The mean of all samples' values stands for that of the population.
 *
 * <pre>java -cp 'distribution/target/modules/*' distribution/benchmarks/GroupCoverage.java [SAMPLES] [NETWORKSxINPUTS,...]</pre>
 */
public final class GroupCoverage {
    private static final Scale UNBOUNDED = new Scale(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);
    private static final int FEATURES = 8;
    private static final int KEPT = 4;

    private GroupCoverage() {}

    /** The scores of one sample of networks and inputs. */
    private interface Population {
        BiFunction<String, String, Replicates> sample(List<String> names, int inputs, Random random);
    }

    /** Known standard deviations of scores. */
    private record Effects(double networks, double pairs, double inputs, double inputsOfNetworks, double inputsOfPairs)
            implements Population {
        @Override
        public BiFunction<String, String, Replicates> sample(List<String> names, int inputs, Random random) {
            int size = names.size();
            var ofInputs = gaussian(random, this.inputs, inputs);
            var asTarget = gaussian(random, networks, size);
            var asReference = gaussian(random, networks, size);
            var targetInputs = IntStream.range(0, size).mapToObj(i -> gaussian(random, inputsOfNetworks, inputs)).toList();
            var referenceInputs = IntStream.range(0, size).mapToObj(i -> gaussian(random, inputsOfNetworks, inputs)).toList();
            var scores = new Replicates[size][size];
            for (int t = 0; t < size; t++) {
                for (int m = 0; m < size; m++) {
                    double base = asTarget[t] + asReference[m] + pairs * random.nextGaussian();
                    var values = gaussian(random, inputsOfPairs, inputs);
                    for (int i = 0; i < inputs; i++) {
                        values[i] += base + ofInputs[i] + targetInputs.get(t)[i] + referenceInputs.get(m)[i];
                    }
                    scores[t][m] = mean(values);
                }
            }
            return (target, reference) -> scores[names.indexOf(target)][names.indexOf(reference)];
        }

        /** The mean over inputs, and without each of 30 groups of them. */
        private static Replicates mean(double[] values) {
            int groups = Replicates.groups(values.length);
            var sums = new double[groups];
            var counts = new int[groups];
            for (int i = 0; i < values.length; i++) {
                sums[i % groups] += values[i];
                counts[i % groups]++;
            }
            double sum = DoubleStream.of(values).sum();
            var parts = IntStream.range(0, groups)
                    .mapToDouble(g -> (sum - sums[g]) / (values.length - counts[g])).toArray();
            return Replicates.of(Replicates.Scheme.GROUPS, sum / values.length, parts, values.length, 0);
        }
    }

    /** Linear maps that differ by noise, scored by a measure. */
    private record LinearMaps(SimilarityMeasure measure, double noise) implements Population {
        @Override
        public BiFunction<String, String, Replicates> sample(List<String> names, int inputs, Random random) {
            var common = new Random(1);
            var centre = gaussian(common, 1, FEATURES * KEPT);
            var maps = names.stream().map(name -> {
                var map = gaussian(random, noise, FEATURES * KEPT);
                for (int i = 0; i < map.length; i++) {
                    map[i] += centre[i];
                }
                return map;
            }).toList();
            var x = gaussian(random, 1, inputs * FEATURES);
            var changed = maps.stream().map(map -> ignored(x, map, random)).toList();
            var scores = new Replicates[names.size()][names.size()];
            for (int t = 0; t < names.size(); t++) {
                var before = represent(x, maps.get(t));
                for (int m = 0; m < names.size(); m++) {
                    var after = represent(changed.get(m), maps.get(t));
                    scores[t][m] = Replicates.of(measure, before, after, 0).orElseThrow();
                }
            }
            return (target, reference) -> scores[names.indexOf(target)][names.indexOf(reference)];
        }

        /** Adds noise without its part in the space of the map's features (Gram and Schmidt). */
        private static double[] ignored(double[] x, double[] map, Random random) {
            var basis = new ArrayList<double[]>();
            for (int k = 0; k < KEPT; k++) {
                int at = k;
                var feature = IntStream.range(0, FEATURES).mapToDouble(i -> map[i * KEPT + at]).toArray();
                basis.forEach(one -> remove(feature, one));
                double norm = Math.sqrt(dot(feature, feature));
                basis.add(DoubleStream.of(feature).map(value -> value / norm).toArray());
            }
            var changed = x.clone();
            for (int from = 0; from < x.length; from += FEATURES) {
                var step = gaussian(random, 2, FEATURES);
                basis.forEach(one -> remove(step, one));
                for (int i = 0; i < FEATURES; i++) {
                    changed[from + i] += step[i];
                }
            }
            return changed;
        }

        private static double dot(double[] a, double[] b) {
            return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
        }

        private static void remove(double[] of, double[] direction) {
            double length = dot(of, direction);
            for (int i = 0; i < of.length; i++) {
                of[i] -= length * direction[i];
            }
        }

        private static Matrix represent(double[] x, double[] map) {
            int rows = x.length / FEATURES;
            var values = new double[rows * KEPT];
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < FEATURES; i++) {
                    for (int k = 0; k < KEPT; k++) {
                        values[row * KEPT + k] += x[row * FEATURES + i] * map[i * KEPT + k];
                    }
                }
            }
            return Matrix.of(rows, KEPT, values);
        }
    }

    private static double[] gaussian(Random random, double scale, int count) {
        return IntStream.range(0, count).mapToDouble(i -> scale * random.nextGaussian()).toArray();
    }

    private static List<String> names(String group, int count) {
        return IntStream.range(0, count).mapToObj(i -> group + i).toList();
    }

    public static void main(String[] arguments) {
        int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2000;
        var sizes = (arguments.length > 1 ? arguments[1] : "5x50,8x100").split(",");
        var known = ServiceLoader.load(SimilarityMeasure.class).stream().map(ServiceLoader.Provider::get).toList();
        var debiased = MeasureQuery.parse("linear-cka-debiased").in(known);
        System.out.println("population,networks,inputs,samples,between,within,within_minus_between");
        for (var size : sizes) {
            int networks = Integer.parseInt(size.split("x")[0]);
            int inputs = Integer.parseInt(size.split("x")[1]);
            line("networks vary", new Effects(1, 0.3, 1, 0.3, 1), networks, inputs, samples, true);
            line("inputs vary", new Effects(0.05, 0.05, 1, 0.5, 1), networks, inputs, samples, true);
            line("inputs of networks vary", new Effects(0.2, 1, 0.5, 2, 3), networks, inputs, samples, true);
            line("pairs vary", new Effects(0, 1, 0.2, 0, 1), networks, inputs, samples, true);
            line("linear maps by " + debiased.id(), new LinearMaps(debiased, 0.3), networks, inputs, samples / 4, false);
        }
    }

    private static void line(
            String name, Population population, int networks, int inputs, int samples, boolean isMeanZero) {
        var a = names("a", networks);
        var b = names("b", networks);
        var both = Stream.concat(a.stream(), b.stream()).toList();
        var sums = List.of(
                List.of(new Term(a, b, 1)),
                List.of(new Term(a, a, 1)),
                List.of(new Term(a, a, 0.5), new Term(b, b, 0.5), new Term(a, b, -0.5), new Term(b, a, -0.5)));
        var random = new Random(networks);
        var found = new ArrayList<List<TwoFactorBootstrap>>();
        for (int i = 0; i < samples; i++) {
            var scores = population.sample(both, inputs, random);
            found.add(sums.stream().map(terms -> TwoFactorBootstrap.of(terms, scores).orElseThrow()).toList());
        }
        var shares = new StringBuilder();
        for (int k = 0; k < sums.size(); k++) {
            int at = k;
            boolean isDifference = k == sums.size() - 1; // of one population
            double mean = isMeanZero || isDifference
                    ? 0
                    : found.stream().mapToDouble(one -> one.get(at).value()).average().orElseThrow();
            long held = found.stream()
                    .map(one -> one.get(at).estimate(UNBOUNDED).interval().orElseThrow())
                    .filter(interval -> interval.low() <= mean && mean <= interval.high())
                    .count();
            shares.append(String.format(Locale.ROOT, ",%.1f", 100.0 * held / samples));
        }
        System.out.println(name + "," + networks + "," + inputs + "," + samples + shares);
    }
}
